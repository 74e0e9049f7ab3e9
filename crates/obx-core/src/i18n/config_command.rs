//! The texts of `obx config` and `obx completions`.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_config => "The config file: where it is, what it sets, whether it has mistakes", "配置文件：位置、设置、检查";
    about_config_path => "Print the path of the config file, and why it is this one", "输出配置文件的路径及原因";
    about_config_show => "Print the settings in effect and where each comes from, secrets masked", "输出生效的设置及其来源，密钥已掩去";
    about_config_edit => "Open the config file in $VISUAL or $EDITOR, and check it then", "用 $VISUAL 或 $EDITOR 编辑配置文件，之后检查";
    about_config_check => "Say all mistakes of the config file, with their lines", "指出配置文件的全部错误及行号";
    about_template => "Print every setting and every key with its default, as comments", "以注释形式输出全部设置项和按键及其默认值";
    about_completions => "Print a script for a shell, which then completes commands and flags", "输出shell补全脚本";
    help_shell => "bash, elvish, fish, powershell or zsh; without it, the one that SHELL names", "bash、elvish、fish、powershell 或 zsh；不写则取 SHELL 所指的shell";
    completions_no_shell => "Name the shell: `obx completions bash`, elvish, fish, powershell or zsh. SHELL names none of them.", "请写明shell：`obx completions bash`，或 elvish、fish、powershell、zsh。SHELL 所指的不在其中。";

    config_named_by(name) => "named by {name}", "由 {name} 指定";
    config_usual_place => "the usual place; --config and OBX_CONFIG name another", "默认位置；--config 或 OBX_CONFIG 可另行指定";
    config_not_there => "; there is no such file yet: `obx config edit` creates it", "；文件尚不存在，`obx config edit` 可创建";
    config_no_place => "there is no home directory to look for a config file in; name one by --config", "没有主目录可查找配置文件；请用 --config 指定";
    config_no_file => "there is no config file: nothing to check", "没有配置文件，无需检查";
    config_no_mistakes => "no mistakes", "没有错误";
    config_created(path) => "created {path}, which only you can read", "已创建 {path}，仅您本人可读";
    config_editor_failed(variable, status) => "{variable} failed with {status}; the file was not checked", "{variable} 失败：{status}；未检查文件";
    cli_no_editor => "can't start the editor", "无法启动编辑器";
    config_line(line) => "line {line}", "第{line}行";
    config_default => "default", "默认";
    column_setting => "Setting", "设置项";
    column_origin => "From", "来源";

    record_config_path => "path of the config file", "配置文件的路径";
    record_config_exists => "whether it exists", "是否存在";
    record_config_named_by => "`--config` or `OBX_CONFIG`; null for the usual place", "`--config` 或 `OBX_CONFIG`；默认位置为null";
    record_setting => "name of the setting, as in the file", "设置项的名称，与文件中相同";
    record_setting_value => "value in effect, secrets masked; null if nothing is set", "生效的值，密钥已掩去；未设置为null";
    record_setting_origin => "the flag or variable that sets it, `file`, or `default`", "设置它的参数或环境变量、`file`，或 `default`";
    record_setting_line => "line of the file; null if the value is not from there", "文件中的行号；并非来自文件则为null";
}
