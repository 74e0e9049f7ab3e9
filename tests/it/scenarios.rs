//! Scenarios as data: keys in, commands and screen out.
