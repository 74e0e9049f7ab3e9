//! The texts of spreadsheets.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    xlsx_old_or_encrypted => "An old .xls file, or one with a password: save it as .xlsx without a password", "旧版.xls文件，或设有密码：请另存为不带密码的.xlsx";
    xlsx_not => "This is no .xlsx file: save it as .xlsx or CSV", "不是.xlsx文件：请另存为.xlsx或CSV";
    xlsx_damaged(what) => "The file is damaged ({what}): open it in a spreadsheet program and save it again", "文件已损坏（{what}）：请用表格软件打开后重新保存";
    xlsx_too_large => "The file is too large when unpacked: save it as CSV", "文件解压后过大：请另存为CSV";
    xlsx_no_sheet(wanted, known) => "There is no sheet {wanted}; the sheets are: {known}", "没有名为{wanted}的工作表；现有工作表：{known}";
    id_lost_digits => "A spreadsheet has cut the digits of this number: format the column as text, and enter the ID again", "表格软件已截断该数字：请将该列设为文本格式后重新输入商品ID";
}
