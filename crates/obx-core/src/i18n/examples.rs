//! What the examples in the help of commands do.

use super::Language;
use super::texts::{Texts, texts};

texts! {
    example_explore => "the explorer; DEMO without an account", "浏览界面；没有账号则为演示模式";
    example_explore_id => "with this ID filled in", "填入此ID";
    example_get_json => "for a script: one record as JSON", "供脚本使用：一条JSON记录";
    example_get => "a card and its SKUs", "商品与SKU表";
    example_get_address => "the ID is found in an address or a text", "从网址或文字中识别ID";
    example_get_skus => "a row for each SKU", "每个SKU一行";
    example_get_jq => "what a jq program makes of the record", "对记录运行jq程序";
    example_get_stdin => "a list, and at most 20 calls", "一份列表，最多调用20次";
    example_get_dry_run => "what it would send and cost", "将发送什么、花费多少";
    example_search => "a price range, by sales", "按销量排序，限定价格";
    example_search_pages => "three pages into a file", "三页结果写入文件";
    example_search_get => "the items of a page, each bought", "购买一页中的各个商品";
    example_search_details => "asks, then buys the first five", "询问后购买前五个的详情";
    example_batch_plan => "what it would buy and cost; sends nothing", "将购买什么、花费多少，不发送";
    example_batch_column => "your own columns are carried through", "保留您自己的各列";
    example_batch_script => "for a script: no question, a limit", "供脚本使用：不询问，限制次数";
    example_images => "its pictures, each once", "下载图片，每张一次";
    example_images_search => "those of the first three items found", "搜索结果前三个商品的图片";
    example_export_since => "one record for each item, as JSON", "每个商品一条JSON记录";
    example_show => "the newest stored answer", "最新的存档";
    example_show_at => "the body that was stored by that day, as it came", "截至该日的存档，原样输出";
    example_history_csv => "into a table", "写入表格";
    example_log_filter => "what failed today", "今天失败的调用";
    example_history => "price and stock over all stored answers", "全部存档中的价格与库存";
    example_log => "the last calls and what each cost", "最近的调用及费用";
    example_log_follow => "new calls as they are made", "实时显示新的调用";
    example_export_skus => "the SKUs of all stored items", "全部存档商品的SKU";
    example_export_sheet => "the SKUs as a spreadsheet", "SKU导出为表格";
    example_export_sql => "into a database", "写入数据库";
    example_quota => "used, left, forecast", "已用、剩余、预计";
    example_quota_day => "the calls of a Beijing day", "某个北京日的调用";
    example_quota_cron => "for cron: ends with 5 if fewer are left", "用于cron：不足时以5退出";
    example_quota_textfile => "for Prometheus' node exporter", "供Prometheus的node exporter读取";
    example_quota_probe => "asks the vendor by one call, after a question", "询问后调用一次，取得万邦计数";
    example_errors => "all codes", "全部错误码";
    example_errors_code => "one code and what to do", "某个错误码及怎么办";
    example_view => "an answer that was saved", "已保存的响应";
    example_view_har => "all calls of a browser's recording", "浏览器录制的全部请求";
    example_view_stdin => "from another command", "来自其他命令";
    example_emulate => "prints its address; no key is needed", "输出地址，无需key";
    example_emulate_quota => "a small quota, slow answers", "额度小、响应慢";
    example_config_edit => "create or change the file", "新建或修改配置文件";
    example_config_show => "what holds for a profile", "某配置方案下生效的设置";
    example_config_check => "mistakes of a file before it is used", "启用前检查文件";
    example_completions_bash => "for bash", "用于bash";
    example_completions_zsh => "for zsh, with ~/.zfunc in fpath", "用于zsh，fpath中须有 ~/.zfunc";
    example_completions_fish => "for fish", "用于fish";
    example_doctor => "what is there, and what to do about it", "检查环境并给出建议";
    example_doctor_json => "for a script", "供脚本使用";
    example_man => "read the manual page", "阅读手册页";
}
