<?php
// Writes every body beside it, by PHP itself: `php make.php` (8.2 wrote the ones that are kept).
// BODY.serialize and BODY.var_export are PHP's own words for the value; BODY.xml is the value as ThinkPHP's
// xml() writes arrays, the most common of the forms in use: <think>, a list's entries as <item id="0">, texts
// in which the five characters are entities; BODY.cdata.xml is the other common form: <xml>, texts in CDATA,
// a list as elements of the same name.

ini_set('serialize_precision', '-1');

function thinkphp(array $data): string
{
    $xml = '';
    foreach ($data as $key => $value) {
        $valid = preg_match('/^[A-Za-z_][A-Za-z0-9_.-]*$/D', (string) $key);
        [$tag, $id] = $valid ? [$key, ''] : ['item', ' id="' . htmlspecialchars((string) $key) . '"'];
        $text = is_array($value) ? thinkphp($value) : htmlspecialchars((string) $value);
        $xml .= "<$tag$id>$text</$tag>";
    }
    return $xml;
}

function cdata(array $data): string
{
    $xml = '';
    foreach ($data as $key => $value) {
        $entries = is_array($value) && $value && array_is_list($value) ? $value : [$value];
        foreach ($entries as $entry) {
            $text = is_array($entry) ? cdata($entry)
                : (is_string($entry) ? '<![CDATA[' . str_replace(']]>', ']]]]><![CDATA[>', $entry) . ']]>' : $entry);
            $xml .= "<$key>$text</$key>";
        }
    }
    return $xml;
}

class Offer
{
    public $price = '799.00';
    protected $cost = 1;
    private $margin = 0.5;
    public $next = null;

    public static function __set_state(array $fields)
    {
    }
}

enum Sign: string
{
    case Yuan = '¥';
}

$values = [];
foreach (['1688_item_get_610947572360', '1688_error_2000'] as $name) {
    $values[$name] = json_decode(file_get_contents(__DIR__ . "/../$name.json"), true, 512, JSON_THROW_ON_ERROR);
}
$values['torture'] = [
    'error_code' => '0000',
    'empty' => [],
    'nested' => [[[[]], []], [['a' => [1]]]],
    'list' => ['一', 2, 3.5, null, true, false],
    'gap' => [0 => 'a', 2 => 'b'],
    'turned' => [1 => 'b', 0 => 'a'],
    'from_one' => [1 => 'a', 2 => 'b'],
    'keys' => ['1' => 'one', '01' => 'zero one', -5 => 'minus five', '' => 'no name', ' ' => 'blank', "k'\\\"\0" => 'odd'],
    'ints' => [0, -1, 9007199254740993, PHP_INT_MAX, PHP_INT_MIN],
    'floats' => [0.1, -0.0, 1.0, 6.65, 1e25, -1.5e-7, 0.0001, 0.00001, 1e15, 123456789012345680.0, 1e17, 1e100, PHP_FLOAT_MIN, 0.1 + 0.2],
    'not_numbers' => [INF, -INF, NAN],
    'texts' => ['', ' ', "it's", 'say "hi"', 'back\\slash\\', "\\'", "'", "\\", "a\0b", "\0", "\0\0", "a\r\n\tb\x1b[0m", '表情😀 é', '<b>&amp;</b>', ']]>', ' . "\0" . ', '";s:1:"', "=> array (\n"],
    'last' => 'end',
];
$values['objects'] = [
    'error_code' => '0000',
    'std' => (object) ['a' => 1, 'b' => (object) []],
    'offer' => new Offer(),
    'numbered' => (object) ['x', 'y'],
    'sign' => Sign::Yuan,
];
$shared = 'twice';
$same = new stdClass();
$same->a = 1;
$values['references'] = ['error_code' => '0000', 'a' => &$shared, 'b' => &$shared, 'c' => $same, 'd' => $same, 'e' => 'end'];

foreach ($values as $name => $value) {
    $to = __DIR__ . "/$name";
    file_put_contents("$to.serialize", serialize($value));
    file_put_contents("$to.var_export", var_export($value, true));
    if ($name === 'torture') {
        $kept = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
        unset($value['not_numbers']);
        file_put_contents("$to.json", json_encode($value, $kept | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR));
    }
    if (str_starts_with($name, '1688')) {
        file_put_contents("$to.xml", '<?xml version="1.0" encoding="utf-8"?><think>' . thinkphp($value) . '</think>');
    }
}
file_put_contents(__DIR__ . '/1688_error_2000.cdata.xml', '<xml>' . cdata($values['1688_error_2000']) . '</xml>');
$item = $values['1688_item_get_610947572360'];
// The keys of props_list, such as 0:0, can't be names of elements.
unset($item['item']['props_list']);
file_put_contents(__DIR__ . '/1688_item_get_610947572360.cdata.xml', '<xml>' . cdata($item) . '</xml>');
