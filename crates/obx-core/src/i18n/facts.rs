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
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, behind) = after.split_once('}').unwrap_or((after, ""));
            let value = place.parse().ok().and_then(|at: usize| fact.finding.values.get(at));
            text += before;
            text += &value.map(|value| self.in_units(fact.rule, clean(value))).unwrap_or_default();
            rest = behind;
        }
        text + rest
    }

    /// Spans and lists, which a finding writes alike for all languages, with this one's units and commas.
    fn in_units(self, rule: Rule, value: String) -> String {
        if self.language() == Language::En {
            return value;
        }
        match rule {
            Rule::ServerClock | Rule::HttpClock | Rule::VendorCache | Rule::SlowVendor | Rule::SlowWay => {
                let unit = |unit: &str| match unit {
                    "s" => Some("秒"),
                    "min" => Some("分钟"),
                    "h" => Some("小时"),
                    "d" => Some("天"),
                    _ => None,
                };
                let span =
                    value.split_once(' ').and_then(|(count, name)| Some(format!("{count}{}", unit(name)?)));
                span.unwrap_or(value)
            }
            Rule::UnexpectedType | Rule::UnknownField | Rule::MixedSchemes => value.replace(", ", "、"),
            _ => value,
        }
    }

    /// What it means.
    pub fn fact_means(self, rule: Rule) -> &'static str {
        words(rule, self.language()).1
    }

    /// What was not checked, and why, in a sentence.
    pub fn not_checked(self, parts: &[Unchecked]) -> String {
        let texts = parts.iter().map(|part| match part {
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
        self.unchecked(texts.collect::<Vec<_>>().join(parted))
    }

    /// How much it matters, in a word.
    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Wrong => self.severity_wrong(),
            Severity::Costs => self.severity_costs(),
            Severity::Odd => self.severity_odd(),
        }
    }

    /// How many facts there are, and the key that lists them.
    pub fn fact_count(self, count: usize, key: &str) -> String {
        match (count, self.language()) {
            (1, Language::En) => format!("1 oddity, {key} shows it"),
            (_, Language::En) => format!("{count} oddities, {key} lists them"),
            (_, Language::Zh) => format!("{count}条提示，按 {key} 查看"),
        }
    }
}

texts! {
    action_facts => "what is odd about this answer", "此结果有哪些异常";
    facts_title => "Facts about this answer", "关于此结果的提示";
    facts_none_besides => "Nothing else is odd about this answer.", "此结果没有其他异常。";
    facts_none_checked => "Nothing odd was found in what could be checked.", "在可检查的部分没有发现异常。";
    unchecked(parts) => "Not checked: {parts}.", "未检查：{parts}。";
    unchecked_everything => "everything: there is no answer of the API", "全部（没有收到接口的结果）";
    unchecked_success => "whether the call succeeded: there is no error_code", "调用是否成功（没有 error_code）";
    unchecked_item => "item, SKUs and description: there is no single item", "商品、SKU和详情（没有单个商品）";
    unchecked_skus => "SKUs: the item has none", "SKU（该商品没有SKU）";
    unchecked_call => "request, headers and timing: a bare body doesn't have them", "请求参数、头信息和耗时（单独的响应内容中没有）";
    unchecked_rest => "the rest of this large body: the analysis is still running", "这份较大的响应仍在检查中";
    facts_card_says_more(explain) => "{explain} explains it.", "按 {explain} 查看含义。";
    facts_none => "Nothing is odd about this answer.", "此结果没有异常。";
    facts_no_answer => "No answer shown yet.", "尚未显示任何结果。";
    facts_label => "Facts", "提示";
    facts_pending => "checking…", "检查中…";
    severity_wrong => "wrong", "错误";
    severity_costs => "costs", "费用";
    severity_odd => "odd", "注意";
}

facts! {
    WrongItem => "Item {0} returned, not {1} as requested", "返回的是商品 {0}，而不是所请求的 {1}";
        "Don't file it under the requested ID.", "不要把它存到所请求的ID下。";
    Redirect => "HTTP {0}: the host redirects to {1}", "HTTP {0}：该地址把请求转向 {1}";
        "Redirects are not followed, since the key would go along. Check the host.", "为避免泄露key，不会跟随。请检查接口地址。";
    Gbk => "The body is GBK, labelled utf-8", "响应标为utf-8，实为GBK";
        "Read as GBK here; a client that trusts the label gets garbled text, or an error.", "此处已按GBK读取；按标注解码的程序会得到乱码或报错。";
    GzipBroken => "The gzip body is corrupt at byte {0} of {1}; {2} unpacked before that", "gzip响应在第{0}字节（共{1}字节）处损坏，此前解出 {2}";
        "Both forms are stored. The unpacked part may lack its end: refetch before relying on it.", "压缩与解压后的内容均已保留。解出的部分可能不完整，使用前请重新获取。";
    GzipMembers => "The gzip body has more than {0} members; not unpacked from byte {1} of {2} on, after {3}", "gzip响应的成员超过{0}个，自第{1}字节（共{2}字节）起未解压，此前解出 {3}";
        "No gateway packs like that. The body is stored as received.", "正常的接口不会这样压缩。响应已原样保留。";
    GzipStopped => "Unpacking stopped at byte {0} of {1}, after {2}", "解压停在第{0}字节（共{1}字节），此前解出 {2}";
        "The call had been cancelled or had timed out. The body is stored as received.", "当时调用已取消或超时。响应已原样保留。";
    GzipOverPlain => "Labelled gzip, but the body is not compressed", "标为gzip，实际未压缩";
        "Read as received here; a client that trusts the label gets an error.", "此处已按原文读取；按标注解压的程序会报错。";
    UnknownCoding => "Compressed as {0}, which the request didn't accept", "以 {0} 压缩，而请求中并未接受该格式";
        "The bytes are stored as received, not unpacked. There may be a proxy in between.", "字节已原样保留，未解压。中间可能有代理。";
    ChunkBroken => "A chunk of the body has no length, from byte {0} on", "响应自第{0}字节起缺少分块长度";
        "All bytes from there on are stored as received.", "其后的字节均已原样保留。";
    OddHead => "Line {0} of the response head is malformed: {1}", "响应头第{0}行异常：{1}";
        "Strict clients reject the whole answer for it. Here the rest was read.", "严格的程序会因此丢弃整个结果；此处已读取其余内容。";
    NoHead => "This doesn't start like an HTTP response", "收到的内容没有HTTP响应头";
        "All of it is stored as the body. The port may belong to another program.", "全部内容已作为响应保留。该端口可能属于其他程序。";
    BrokenUtf8 => "Invalid UTF-8 at byte {0}, places in total: {1}", "第{0}字节处不是有效的UTF-8（共{1}处）";
        "Not GBK either. Unreadable bytes are shown as U+FFFD; the original bytes are stored.", "也不是GBK。无法识别的字节显示为U+FFFD；原始字节已保留。";
    TextBefore => "The answer starts at byte {0}, after: {1}", "结果从第{0}字节开始，前面是：{1}";
        "Strict parsers reject such a body. Often a message from the vendor's PHP; Raw shows all of it.", "严格的解析器会拒绝。多半是万邦PHP的报错信息；原文视图可看全部内容。";
    NumberNotJson => "Numbers JSON doesn't allow: {2}, the first {0} at byte {1}", "JSON不允许的数字：{2}个，首个为第{1}字节的 {0}";
        "Strict parsers reject the whole body. Shown as sent; exported as a string.", "严格的解析器会拒绝整个响应。此处按原样显示，导出时写成字符串。";
    NotFinite => "Values JSON doesn't have: {2}, the first {0} at byte {1}", "JSON中不存在的数值：{2}个，首个为第{1}字节的 {0}";
        "Python and JavaScript write them, and strict parsers reject the whole body. Exported as a string.", "Python、JavaScript会这样写，严格的解析器会拒绝整个响应。导出时写成字符串。";
    EscapeNotJson => "Escapes JSON doesn't have: {2}, the first {0} at byte {1}", "JSON中没有的转义：{2}处，首处为第{1}字节的 {0}";
        "Strict parsers reject the whole body. The backslash is shown as is.", "严格的解析器会拒绝整个响应。反斜杠按原样显示。";
    ControlCharacter => "Control characters in strings: {2}, the first {0} at byte {1}", "文本中的控制字符：{2}个，首个为第{1}字节的 {0}";
        "Strict parsers reject the whole body. Exported as escapes.", "严格的解析器会拒绝整个响应。导出时写成转义。";
    AmpersandNotXml => "Unescaped &: {2}, the first at byte {1}: {0}", "未转义的&：{2}处，首处在第{1}字节：{0}";
        "Strict XML parsers reject the whole body. Read as & here.", "严格的XML解析器会拒绝整个响应。此处按&读取。";
    AttributeDoubled => "Duplicate attributes in one element: {2}, the first {0} at byte {1}", "同一元素中重复的属性：{2}个，首个为第{1}字节的 {0}";
        "Strict XML parsers reject the whole body.", "严格的XML解析器会拒绝整个响应。";
    ReferenceNotFollowed => "PHP references that couldn't be resolved: {2}, the first {0} at byte {1}", "无法展开的PHP引用：{2}个，首个为第{1}字节的 {0}";
        "It refers to a value that contains it, or would make the body much larger: shown as is.", "它指向包含自身的值，或展开后过大：按原样显示。";
    ByteOrderMark => "The body starts with a byte order mark", "响应以BOM开头";
        "Strict JSON parsers reject it.", "严格的JSON解析器会拒绝。";
    ReferenceFollowed => "PHP references: {2}, the first {0} at byte {1}", "PHP引用：{2}个，首个为第{1}字节的 {0}";
        "Each is shown as the value it refers to.", "均已显示为所引用的值。";
    TextAfterJson => "Something follows the JSON, from byte {0} on", "JSON之后还有内容（自第{0}字节起）";
        "Strict parsers reject such a body. Often a warning from the vendor's PHP.", "严格的解析器会拒绝。多半是万邦PHP的告警信息。";
    AnswersBeside => "{0} more answers next to the one shown, at {1}", "除所读取的结果（{1}）外，同处还有{0}个结果";
        "Only the first is shown as an item; the others are in the response.", "只把第一个显示为商品，其余请看响应。";
    InnerError => "Success outside, an error inside: {0}", "外层成功，内层报错：{0}";
        "The gateway answered; the service behind it didn't do what was requested.", "接口本身有应答，但其背后的服务没有完成请求。";
    NothingInIt => "{0} has no content: {1}", "{0} 中没有内容：{1}";
        "Absent, null and empty differ for a client. Nothing in it could be checked.", "缺失、null 与空值对程序并不相同。其内容无从检查。";
    CodeAndTextDisagree => "Code {0}, but the message says \"{1}\"", "代码为 {0}，文字却是“{1}”";
        "Go by the message: the code alone points you to the wrong place.", "以文字为准：只看代码会找错方向。";
    UnknownCode => "Code {0} is not in the vendor's table", "代码 {0} 不在万邦的错误表中";
        "Whether it is billed is unknown; only the vendor's message says what it means.", "是否计费未知，含义只能看万邦返回的文字。";
    ArgsDiffer => "{0} was sent as {1} and echoed as {2}", "{0} 发送的是 {1}，返回里却是 {2}";
        "The vendor answered another request, perhaps from its cache.", "万邦回答的是另一个请求，可能来自其缓存。";
    CacheDespiteNo => "The vendor returned a cached copy despite cache=no", "已发送 cache=no，返回的仍是万邦缓存";
        "Price and stock may be old; another call may return the same copy.", "价格和库存可能是旧的；再次调用可能仍是同一缓存。";
    TranslationFailed => "The vendor could not translate: {0}", "万邦翻译失败：{0}";
        "Texts may be Chinese, or a mix of two languages.", "文字可能仍是中文，或两种语言混杂。";
    KeyExpired => "The key's last day was {0}", "key已于 {0} 到期";
        "Calls will be refused, and midnight won't help: renew the key.", "调用会被拒绝，零点后也不会恢复：请续费。";
    UnexpectedType => "Unexpected type: {0}", "类型异常：{0}";
        "A strictly typed client fails here. The field is stored as received.", "严格类型的程序会在此出错。字段已原样保留。";
    DuplicateKeys => "{0} occurs twice (duplicate keys in total: {1})", "{0} 重复出现（共{1}个重复键）";
        "Most parsers silently keep the last and drop the others.", "多数解析器只取最后一个，其余被悄悄丢弃。";
    SkuIdsDoubled => "More than one SKU has the ID {0} (duplicate IDs in total: {1})", "SKU ID {0} 对应多个SKU（共{1}个重复）";
        "Storing SKUs by ID loses some; spec_id may distinguish them.", "按SKU ID存储会丢失数据；可用 spec_id 区分。";
    BrokenAddresses => "Image URLs that can't be loaded: {0} ({1})", "无法加载的图片地址：{0}个（{1}）";
        "They contain a second https:. Cut off what comes before the last one.", "地址中有重复的 https:，请去掉最后一个之前的部分。";
    EmptySuccess => "0000 success, but no item", "0000 成功，但没有商品";
        "By the vendor's table this call is billed all the same.", "按万邦的规则，此次调用照样计费。";
    Translated => "Requested in {0}", "请求的语言是 {0}";
        "Any language but cn is said to be billed as a translation.", "据称除cn以外的语言按翻译计费。";
    QuotaNearEnd => "{0} of {1} calls are left today", "今日还剩 {0}/{1} 次";
        "After the last one, calls return 4013 until midnight in Beijing.", "用完后将返回4013，北京时间零点重置。";
    KeyExpiresSoon => "The key expires in {0} d, on {1}", "key还有 {0} 天到期（{1}）";
        "Renew it before then: an expired key doesn't recover at midnight.", "请提前续费：到期后零点也不会恢复。";
    FoundInside => "The answer is at {0}, not at the top level of the body", "结果不在响应顶层，而在 {0}";
        "A proxy or a program put it there. A client that expects the vendor's form won't find it.", "由代理或其他程序包装。按万邦原始格式解析的程序会找不到。";
    VendorCache => "The vendor's cached copy, {0} old (of {1} Beijing)", "万邦缓存，已有 {0}（北京时间 {1}）";
        "Price and stock are of that time, not of now. Refetching bypasses the cache.", "价格和库存是当时的。重新获取可绕过缓存。";
    PriceBelowSkus => "The item costs {0}, its cheapest SKU {1}", "商品价 {0}，最便宜的SKU {1}";
        "No SKU is sold at the item's price: calculate with the SKU's.", "没有SKU能以商品价买到：请按SKU价格计算。";
    PricesLeftOut => "SKUs without a numeric price: {0} of {1} ({2})", "没有数字价格的SKU：{0}/{1}（{2}）";
        "Price ranges and comparisons leave them out.", "价格区间和比较都不包含它们。";
    PricesSpelled => "SKU prices that aren't plain numbers: {0} (\"{1}\" is read as {2})", "SKU价格不是纯数字：{0}个（“{1}”读作 {2}）";
        "Remove currency signs and separators before calculating; a range has two ends.", "计算前去掉货币符号和千分位；区间有上下两端。";
    SkusOutsideTiers => "SKUs cost {0} to {1}, priceRange {2} to {3}", "SKU价 {0} 至 {1}，阶梯价（priceRange）{2} 至 {3}";
        "The tiers don't apply to every SKU: ask the seller before ordering.", "阶梯价并不适用于所有SKU：下单前请与卖家确认。";
    StockZero => "All stock is 0", "库存全部为0";
        "Sold out, delisted, or the stock wasn't fetched this time.", "已售罄、已下架，或这次没有取到库存。";
    SalesDisagree => "total_sold {0}, sales {1}, sum of the SKUs {2}", "累计销量（total_sold）{0}，销量（sales）{1}，各SKU销量合计 {2}";
        "These are different counts over different periods. Don't add or compare them.", "口径和时间段各不相同，不要相加或比较。";
    SkuIdsMissing => "SKUs without an ID: {0} of {1}", "没有ID的SKU：{0}/{1}";
        "Only spec_id or their properties distinguish them.", "只能用 spec_id 或属性区分。";
    PriceIsText => "The price is a string: \"{0}\"", "价格是字符串：“{0}”";
        "Convert it before calculating; other items send a number.", "计算前需转换；有的商品返回数字。";
    UnknownField => "Fields not seen before: {0} ({1})", "未见过的字段：{0}个（{1}）";
        "The API has changed, or this is another kind of answer. They are in the response.", "接口有变化，或这是另一类结果。可在响应中查看。";
    ArgsNeverSent => "call_args has parameters that were not sent: {0}", "call_args 含有未发送的参数：{0}";
        "The vendor added them. They may affect the result, such as the region for prices.", "由万邦添加，可能影响结果（如地区价格）。";
    MixedSchemes => "Image URLs start in different ways: {0}", "图片地址写法不一：{0}";
        "Put https: before those that start with //.", "以//开头的地址请补上 https:。";
    TitleMissing => "The item has no title: {0}", "商品没有标题：{0}";
        "The item exists all the same: it has a price or SKUs.", "商品仍然有效：有价格或SKU。";
    EmptyDescription => "There is no description: {0}", "没有详情：{0}";
        "The seller wrote none, or it wasn't fetched this time.", "卖家没有写，或这次没有取到。";
    TrackingPixel => "The description contains the vendor's tracking pixel", "详情中有万邦的追踪像素";
        "A page that shows the description reports every viewer to the vendor. obx never loads it.", "展示该详情的网页会把访问者告知万邦。obx从不加载它。";
    ServerClock => "server_time is {0} off the caller's clock ({1})", "server_time 与调用方时钟相差 {0}（{1}）";
        "One of the clocks is wrong, or the answer is an old copy. Signed calls need the right time.", "某一方时钟有误，或结果是旧缓存。签名调用需要准确时间。";
    HttpClock => "The host's clock is {0} off the caller's ({1})", "服务器时钟与调用方相差 {0}（{1}）";
        "Signed calls may be refused, and ages and the quota day may be wrong: set the caller's clock.", "签名调用可能被拒，时间和额度日期也会不准：请校准调用方时钟。";
    Status => "The HTTP status is {0}", "响应的HTTP状态为 {0}";
        "The vendor sends even errors with 200; there may be a proxy in between.", "万邦连错误也用200返回；中间可能有代理。";
    SlowVendor => "The vendor took {0}", "万邦耗时 {0}";
        "1 to 8 seconds are usual. Without cache=no its cached copy is faster.", "通常1至8秒。去掉 cache=no，可更快拿到万邦缓存。";
    SlowWay => "{0} of {1} were spent on the network", "全程 {1}，其中 {0} 花在网络上";
        "The connection, a proxy or the download was slow, not the vendor's service.", "慢在连接、代理或下载，而不是万邦接口。";
    BodyLarge => "The body is {0}", "响应大小为 {0}";
        "Items are usually 10 to 100 kB: mind the limits and storage of what reads it.", "商品通常为10至100 kB：请注意读取方的限制和存储。";
    BodySmall => "The body is only {0}", "响应只有 {0}";
        "Items are usually 10 kB or more: parts may be missing this time.", "商品通常在10 kB以上：这次可能有缺失。";
}
