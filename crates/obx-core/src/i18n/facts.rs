//! What each fact is, and what it means for whoever looks at the answer. `{0}`, `{1}` are the finding's values.

use super::Language;
use super::texts::{Texts, texts};
use std::fmt::Display;

use onebound::{Fact, Rule, Severity, Unchecked};

/// Declares the words of each rule: what it is and what it means, English and Chinese. A rule without words does not
/// compile.
macro_rules! facts {
    ($($rule:ident => $en:literal, $zh:literal; $means_en:literal, $means_zh:literal;)+) => {
        fn words(rule: Rule, language: Language) -> (&'static str, &'static str) {
            match (rule, language) {
                $(
                    (Rule::$rule, Language::En) => ($en, $means_en),
                    (Rule::$rule, Language::Zh) => ($zh, $means_zh),
                )+
            }
        }
    };
}

impl Texts {
    /// What it is, with the values put in through `clean`.
    pub fn fact(self, fact: &Fact, clean: impl Fn(&str) -> String) -> String {
        let (template, _) = words(fact.rule, self.language());
        let mut told = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, behind) = after.split_once('}').unwrap_or((after, ""));
            let value = place.parse().ok().and_then(|at: usize| fact.finding.values.get(at));
            told += before;
            told += &value.map(|value| clean(value)).unwrap_or_default();
            rest = behind;
        }
        told + rest
    }

    /// What it means.
    pub fn fact_means(self, rule: Rule) -> &'static str {
        words(rule, self.language()).1
    }

    /// What was not checked, and why, in a sentence.
    pub fn not_checked(self, parts: &[Unchecked]) -> String {
        let told = parts.iter().map(|part| match part {
            Unchecked::Everything => self.unchecked_everything(),
            Unchecked::Success => self.unchecked_success(),
            Unchecked::Item => self.unchecked_item(),
            Unchecked::Skus => self.unchecked_skus(),
            Unchecked::Call => self.unchecked_call(),
            Unchecked::Rest => self.unchecked_rest(),
        });
        let parted = match self.language() {
            Language::En => "; ",
            Language::Zh => "；",
        };
        self.unchecked(told.collect::<Vec<_>>().join(parted))
    }

    /// How much it matters, in a word.
    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Wrong => self.severity_wrong(),
            Severity::Costs => self.severity_costs(),
            Severity::Odd => self.severity_odd(),
        }
    }

    /// How many facts there are, and where they are told.
    pub fn fact_count(self, count: usize) -> String {
        match (count, self.language()) {
            (1, Language::En) => "1 fact about it, see :facts".to_owned(),
            (_, Language::En) => format!("{count} facts about it, see :facts"),
            (_, Language::Zh) => format!("{count}条提示，见 :facts"),
        }
    }
}

texts! {
    action_facts => "what is odd about this answer", "此结果有哪些异常";
    facts_title => "Facts about this answer", "关于此结果的提示";
    facts_none_else => "Nothing else is odd about this answer.", "此结果没有其他异常。";
    facts_none_checked => "Nothing odd was found in what could be checked.", "在可检查的部分没有发现异常。";
    unchecked(parts) => "Not checked: {parts}.", "未检查：{parts}。";
    unchecked_everything => "all of it, for no answer of the API came", "全部（没有收到接口的结果）";
    unchecked_success => "whether the call went well, for there is no error_code", "调用是否成功（没有 error_code）";
    unchecked_item => "item, SKUs and description, for no single item came", "商品、SKU和详情（没有单个商品）";
    unchecked_skus => "SKUs, for the item has none", "SKU（该商品没有SKU）";
    unchecked_call => "what was asked, headers and times, for a body alone does not hold them", "请求参数、头信息和耗时（单独的响应内容中没有）";
    unchecked_rest => "what the look over this large body has still to find", "这份较大的响应仍在检查中";
    facts_card_says_more => "! tells what that means.", "按!查看含义。";
    facts_none => "Nothing is odd about this answer.", "此结果没有异常。";
    facts_no_answer => "No answer is shown yet.", "尚未显示任何结果。";
    facts_label => "Facts", "提示";
    severity_wrong => "wrong", "错误";
    severity_costs => "costs", "费用";
    severity_odd => "odd", "留意";
}

facts! {
    WrongItem => "Item {0} came, not {1} that was asked for", "返回的是商品 {0}，而不是所请求的 {1}";
        "It must not be filed under the ID that was asked for.", "不要把它存到所请求的ID下。";
    Redirect => "HTTP {0}: the host sends callers to {1}", "HTTP {0}：该地址把请求转向 {1}";
        "Redirects are not followed, for the key would go with them. Check the host.", "为避免泄露密钥，不会跟随。请检查接口地址。";
    Gbk => "The body is GBK, labelled utf-8", "响应标为utf-8，实为GBK";
        "It was read as GBK here; a client that trusts the label gets garbled text, or an error.", "此处已按GBK读取；按标注解码的程序会得到乱码或报错。";
    GzipBroken => "The gzip body breaks at byte {0} of {1}; {2} came out before", "gzip响应在第{0}字节（共{1}字节）处损坏，此前解出 {2}";
        "Both forms are kept. What came out may lack its end: ask again before relying on it.", "压缩与解压后的内容均已保留。解出的部分可能不完整，使用前请重新获取。";
    GzipMembers => "The gzip body has more than {0} members; from byte {1} of {2} on it was not unpacked, {3} came out before", "gzip响应的成员超过{0}个，自第{1}字节（共{2}字节）起未解压，此前解出 {3}";
        "No gateway packs like that. The body is kept as it came.", "正常的接口不会这样压缩。响应已原样保留。";
    GzipStopped => "Unpacking was stopped at byte {0} of {1}; {2} came out before", "解压停在第{0}字节（共{1}字节），此前解出 {2}";
        "The call was ended or out of time by then. The body is kept as it came.", "当时调用已取消或超时。响应已原样保留。";
    GzipOverPlain => "Labelled gzip, but the body is not packed", "标为gzip，实际未压缩";
        "It was read as it came here; a client that trusts the label gets an error.", "此处已按原文读取；按标注解压的程序会报错。";
    UnknownCoding => "Packed as {0}, which was not asked for", "以 {0} 压缩，而请求中并未接受该格式";
        "The bytes are kept as they came and not unpacked. A proxy may stand between.", "字节已原样保留，未解压。中间可能有代理。";
    ChunkBroken => "A chunk of the body has no length, from byte {0} on", "响应自第{0}字节起缺少分块长度";
        "All bytes from there on are kept as they came.", "其后的字节均已原样保留。";
    OddHead => "Line {0} of the response's head is broken: {1}", "响应头第{0}行异常：{1}";
        "Strict clients throw the whole answer away for it. Here the rest was read.", "严格的程序会因此丢弃整个结果；此处已读取其余内容。";
    NoHead => "What came does not begin like an HTTP response", "收到的内容没有HTTP响应头";
        "All of it is kept as the body. The port may belong to another program.", "全部内容已作为响应保留。该端口可能属于其他程序。";
    BrokenUtf8 => "Broken UTF-8 at byte {0}, places in all: {1}", "第{0}字节处不是有效的UTF-8（共{1}处）";
        "Nor is it GBK. Unreadable bytes are shown as U+FFFD; the bytes are kept as they came.", "也不是GBK。无法识别的字节显示为U+FFFD；原始字节已保留。";
    TextBefore => "The answer begins at byte {0}, behind: {1}", "结果从第{0}字节开始，前面是：{1}";
        "Strict readers refuse such a body. Often a message of the vendor's PHP; Raw shows all of it.", "严格的解析器会拒绝。多半是万邦PHP的报错信息；原文视图可看全部内容。";
    NumberNotJson => "Numbers that JSON does not allow: {2}, the first {0} at byte {1}", "JSON不允许的数字：{2}个，首个为第{1}字节的 {0}";
        "Strict readers refuse the whole body. Shown as sent; an export has it as a string.", "严格的解析器会拒绝整个响应。此处按原样显示，导出时写成字符串。";
    NotFinite => "Values that JSON does not have: {2}, the first {0} at byte {1}", "JSON中不存在的数值：{2}个，首个为第{1}字节的 {0}";
        "Python and JavaScript write it so, and strict readers refuse the whole body. An export has it as a string.", "Python、JavaScript会这样写，严格的解析器会拒绝整个响应。导出时写成字符串。";
    EscapeNotJson => "Escapes that JSON does not know: {2}, the first {0} at byte {1}", "JSON中没有的转义：{2}处，首处为第{1}字节的 {0}";
        "Strict readers refuse the whole body. The backslash is shown as it stands.", "严格的解析器会拒绝整个响应。反斜杠按原样显示。";
    ControlCharacter => "Control characters inside of texts: {2}, the first {0} at byte {1}", "文本中的控制字符：{2}个，首个为第{1}字节的 {0}";
        "Strict readers refuse the whole body. An export writes them as escapes.", "严格的解析器会拒绝整个响应。导出时写成转义。";
    AmpersandNotXml => "& that begins no entity: {2}, the first at byte {1}: {0}", "未转义的&：{2}处，首处在第{1}字节：{0}";
        "Strict readers of XML refuse the whole body. It is read as & here.", "严格的XML解析器会拒绝整个响应。此处按&读取。";
    AttributeDoubled => "Attributes doubled in one element: {2}, the first {0} at byte {1}", "同一元素中重复的属性：{2}个，首个为第{1}字节的 {0}";
        "Strict readers of XML refuse the whole body.", "严格的XML解析器会拒绝整个响应。";
    ReferenceNotFollowed => "References of PHP that could not be followed: {2}, the first {0} at byte {1}", "无法展开的PHP引用：{2}个，首个为第{1}字节的 {0}";
        "It stands for a value that it is itself in, or would make the body much larger: shown as it stands.", "它指向包含自身的值，或展开后过大：按原样显示。";
    ByteOrderMark => "The body begins with a byte order mark", "响应以BOM开头";
        "Strict readers of JSON refuse it.", "严格的JSON解析器会拒绝。";
    ReferenceFollowed => "References of PHP: {2}, the first {0} at byte {1}", "PHP引用：{2}个，首个为第{1}字节的 {0}";
        "Each is shown as the value that it stands for.", "均已显示为所引用的值。";
    TextAfterJson => "Something follows the JSON, from byte {0} on", "JSON之后还有内容（自第{0}字节起）";
        "Strict readers refuse such a body. Often a warning of the vendor's PHP.", "严格的解析器会拒绝。多半是平台PHP的告警信息。";
    AnswersBeside => "{0} more answers lie beside the one that is read, at {1}", "除所读取的结果（{1}）外，同处还有{0}个结果";
        "Only the first is shown as an item; the others are in the response.", "只把第一个显示为商品，其余请看响应。";
    InnerError => "Success outside, an error inside: {0}", "外层成功，内层报错：{0}";
        "The gateway answered; the service behind it did not do what was asked.", "接口本身有应答，但其背后的服务没有完成请求。";
    NothingInIt => "{0} holds nothing: {1}", "{0} 中没有内容：{1}";
        "Absent, null and empty are different things to a client. Nothing of it could be checked.", "缺失、null 与空值对程序并不相同。其内容无从检查。";
    CodeAndTextDisagree => "Code {0}, but the text says «{1}»", "代码为 {0}，文字却是“{1}”";
        "Go by the text: the code alone would send you looking in the wrong place.", "以文字为准：只看代码会找错方向。";
    UnknownCode => "Code {0} is not in the vendor's table", "代码 {0} 不在平台的错误表中";
        "Whether it is billed is unknown; only the vendor's words tell what it means.", "是否计费未知，含义只能看平台的原话。";
    ArgsDiffer => "{0} was sent as {1}, and is told as {2}", "{0} 发送的是 {1}，返回里却是 {2}";
        "The vendor answered another question, perhaps from a copy of it.", "平台回答的是另一个请求，可能来自其缓存。";
    CacheDespiteNo => "The vendor's copy came although cache=no was sent", "已发送 cache=no，返回的仍是平台缓存";
        "Price and stock may be old; asking once more may bring the same copy.", "价格和库存可能是旧的；再次请求可能仍是同一缓存。";
    TranslationFailed => "The vendor could not translate: {0}", "平台翻译失败：{0}";
        "Texts may be Chinese, or two languages mixed.", "文字可能仍是中文，或两种语言混杂。";
    KeyExpired => "The key's last day was {0}", "密钥已于 {0} 到期";
        "Calls will be refused, and midnight does not help: renew the key.", "调用会被拒绝，零点后也不会恢复：请续费。";
    UnexpectedType => "Of a type never seen there: {0}", "类型异常：{0}";
        "A client with strict types fails here. The field is kept as it came.", "严格类型的程序会在此出错。字段已原样保留。";
    DuplicateKeys => "{0} stands there twice (keys doubled in all: {1})", "{0} 重复出现（共{1}个重复键）";
        "Most readers take the last and drop the others without a word.", "多数解析器只取最后一个，其余被悄悄丢弃。";
    SkuIdsDoubled => "SKU ID {0} stands at more than one SKU (IDs doubled in all: {1})", "SKU ID {0} 对应多个SKU（共{1}个重复）";
        "Whoever files SKUs by their ID loses some; spec_id may tell them apart.", "按SKU ID存储会丢失数据；可用 spec_id 区分。";
    BrokenAddresses => "Addresses of images that nothing can load: {0} ({1})", "无法加载的图片地址：{0}个（{1}）";
        "A second https: stands in them. Cut off what is before the last one.", "地址中有重复的 https:，请去掉最后一个之前的部分。";
    EmptySuccess => "0000 success, and no item", "0000 成功，但没有商品";
        "By the vendor's table this call is billed all the same.", "按平台的规则，此次调用照样计费。";
    Translated => "Asked for in {0}", "请求的语言是 {0}";
        "Another language than cn is said to be billed as a translation.", "据称除cn以外的语言按翻译计费。";
    QuotaNearEnd => "{0} of {1} calls are left today", "今日还剩 {0}/{1} 次";
        "After the last one 4013 follows until midnight in Beijing.", "用完后将返回4013，北京时间零点重置。";
    KeyExpiresSoon => "The key ends in {0} d, on {1}", "密钥还有 {0} 天到期（{1}）";
        "Renew it before: an expired key does not recover at midnight.", "请提前续费：到期后零点也不会恢复。";
    FoundInside => "The answer is at {0}, not at the top of the body", "结果不在响应顶层，而在 {0}";
        "A proxy or a program has put it there. A client of the vendor's own form does not find it.", "由代理或其他程序包装。按万邦原始格式解析的程序会找不到。";
    VendorCache => "The vendor's copy, {0} old (of {1} Beijing)", "平台缓存，已有 {0}（北京时间 {1}）";
        "Price and stock are of that time, not of now. R asks past the copy.", "价格和库存是当时的。按R可绕过缓存重新获取。";
    PriceBelowSkus => "The item costs {0}, its cheapest SKU {1}", "商品价 {0}，最便宜的SKU {1}";
        "No SKU can be bought at the item's price: calculate with the SKU's.", "没有SKU能以商品价买到：请按SKU价格计算。";
    PricesLeftOut => "SKUs without a price in figures: {0} of {1} ({2})", "没有数字价格的SKU：{0}/{1}（{2}）";
        "Ranges and comparisons of prices are without them.", "价格区间和比较都不包含它们。";
    PricesSpelled => "Prices of SKUs that are no plain numbers: {0} (\"{1}\" is read as {2})", "SKU价格不是纯数字：{0}个（“{1}”读作 {2}）";
        "Take out currency signs and separators before calculating; a range has two ends.", "计算前去掉货币符号和千分位；区间有上下两端。";
    SkusOutsideTiers => "SKUs cost {0} to {1}, priceRange {2} to {3}", "SKU价 {0} 至 {1}，priceRange 为 {2} 至 {3}";
        "The tiers do not hold for every SKU: ask the seller before ordering.", "批发价并不适用于所有SKU：下单前请与卖家确认。";
    StockZero => "All stock is 0", "库存全部为0";
        "Sold out, off the shelf, or the stock was not fetched this time.", "已售罄、已下架，或这次没有取到库存。";
    SalesDisagree => "total_sold {0}, sales {1}, sum of the SKUs {2}", "total_sold {0}，sales {1}，SKU合计 {2}";
        "They are different counts, over different times. Do not add or compare them.", "口径和时间段各不相同，不要相加或比较。";
    SkuIdsMissing => "SKUs without an ID: {0} of {1}", "没有ID的SKU：{0}/{1}";
        "They can be told apart by spec_id or by their properties only.", "只能用 spec_id 或属性区分。";
    PriceIsText => "The price is a string: \"{0}\"", "价格是字符串：\"{0}\"";
        "Convert it before calculating; other items send a number.", "计算前需转换；有的商品返回数字。";
    UnknownField => "Fields not seen before: {0} ({1})", "未见过的字段：{0}个（{1}）";
        "The API has changed, or this answer is of another kind. They are in the response.", "接口有变化，或这是另一类结果。可在响应中查看。";
    ArgsNeverSent => "call_args names what was not sent: {0}", "call_args 含有未发送的参数：{0}";
        "The vendor added it. It may decide what you see, such as the area for prices.", "由平台添加，可能影响结果（如地区价格）。";
    MixedSchemes => "Addresses of images begin in different ways: {0}", "图片地址写法不一：{0}";
        "Put https: before those that begin with //.", "以//开头的地址请补上 https:。";
    TitleMissing => "The item has no title: {0}", "商品没有标题：{0}";
        "It is there all the same: its price or its SKUs came.", "商品仍然有效：有价格或规格。";
    EmptyDescription => "There is no description: {0}", "没有详情：{0}";
        "The seller wrote none, or it was not fetched this time.", "卖家没有写，或这次没有取到。";
    TrackingPixel => "The description holds the vendor's tracking pixel", "详情中有平台的追踪像素";
        "A page that shows the description tells the vendor of every viewer. obx never fetches it.", "展示该详情的网页会把访问者告知平台。obx从不加载它。";
    ServerClock => "server_time is {0} off the caller's clock ({1})", "server_time 与调用方时钟相差 {0}（{1}）";
        "One of the clocks is wrong, or the answer is an old copy. Signed calls need the right time.", "某一方时钟有误，或结果是旧缓存。签名调用需要准确时间。";
    HttpClock => "The host's clock is {0} off the caller's ({1})", "服务器时钟与调用方相差 {0}（{1}）";
        "Signed calls may be refused, and ages and the quota's day be wrong: set the caller's clock.", "签名调用可能被拒，时间和额度日期也会不准：请校准调用方时钟。";
    Status => "The answer came with HTTP {0}", "响应的HTTP状态为 {0}";
        "The vendor sends even its errors with 200; a proxy may stand between.", "平台连错误也用200返回；中间可能有代理。";
    SlowVendor => "The vendor took {0}", "平台耗时 {0}";
        "1 to 8 seconds are usual. Without cache=no its copy answers sooner.", "通常1至8秒。不带 cache=no 时缓存会更快。";
    SlowWay => "{0} of {1} were spent on the way", "全程 {1}，其中 {0} 花在网络上";
        "Connection, proxy or download was slow, not the vendor's service.", "慢在连接、代理或下载，而不是平台接口。";
    BodyLarge => "The body has {0}", "响应大小为 {0}";
        "Items mostly have 10 to 100 kB: mind limits and storage of what reads it.", "商品通常为10至100 kB：请注意读取方的限制和存储。";
    BodySmall => "The body has only {0}", "响应只有 {0}";
        "Items mostly have 10 kB and more: parts may be missing this time.", "商品通常在10 kB以上：这次可能有缺失。";
}
