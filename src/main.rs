//! obx.

fn main() {}
