//! The texts of `obx export`.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_export => "Write stored items as flat records, CSV or SQL; nothing is sent", "把存档中的商品导出为扁平记录、CSV或SQL，不发送任何请求";
    help_export_ids => "Item IDs, addresses, or texts with an ID, - for a line each from stdin; all stored items of the gateway and platform if none is given", "商品ID、商品页地址或含ID的文字，- 为从stdin逐行读取；不给则导出该网关和平台的全部存档商品";
    help_list => "The rows of this list, in place of whole records; CSV has items unless another is named", "只输出此列表的各行，不输出整条记录；CSV默认为items";
    help_sql => "SQL that creates tables and updates rows in a database of your own", "输出SQL：在您自己的数据库中建表并更新数据";
    help_since => "Only items with an answer since that day in Beijing: 2026-11-24, today or yesterday", "只导出该日（北京时间）起有响应的商品：2026-11-24、today 或 yesterday";
    sheet_in_pipe(path) => "{path} is no plain file, and a spreadsheet can't be written into a pipe: name a file, or take --csv", "{path} 不是普通文件，表格无法写入管道：请指定文件，或改用 --csv";
    sheet_has_rows(path) => "{path} is a spreadsheet, which has rows: leave out --json, --jq, --csv and --sql", "{path} 是表格，只能按行输出：请去掉 --json、--jq、--csv 和 --sql";
    sheet_too_many_rows(path, most) => "{path}: a spreadsheet has at most {most} rows: take --csv, or fewer items", "{path}：表格最多{most}行，请改用 --csv 或减少商品";
    export_none => "no item is stored under this ID; `obx get` buys it", "没有该ID的商品存档；可用 `obx get` 获取";
    export_none_since => "no item is stored under this ID since that day", "该日起没有该ID的商品存档";
}
