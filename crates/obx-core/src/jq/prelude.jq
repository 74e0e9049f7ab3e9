# What jq defines and jaq does not, or otherwise. Behind an underscore: for the definitions here alone.

# Values
def toarray: if isarray then . else [.] end;
def have_literal_numbers: true;
def have_decnum: false;
def isvalid(f): try (f | true) catch false;

# Lists and objects
def range($from; $to; $by): if $by == 0 then empty else _range($from; $to; $by) end;
def range($from; $to): _range($from; $to; 1);
def range($to): _range(0; $to; 1);
def reverse: [.[length - 1 - range(0; length)]];
def flatten: _flatten(1e9);
def flatten($depth): _flatten($depth);
def join($separator):
  def _part: if . == null then "" elif isnumber or isboolean then tojson else . end;
  reduce .[] as $part (null; (if . == null then "" else . + $separator end) + ($part | _part)) // "";
def transpose: [range(map(length) | max // 0) as $at | [.[][$at]]];
def inside($whole): . as $part | $whole | contains($part);
def in($whole): . as $key | $whole | has($key);
def nth($at; f): if $at < 0 then error("nth doesn't support negative indices") else first(skip($at; f)) end;
def index($part): indices($part) | .[0];
def rindex($part): indices($part) | .[-1:][0];
def from_entries:
  reduce (.[] | {(.key // .k // .name // .Name // .K // .Key): (if has("value") then .value elif has("v") then .v else .Value end)})
    as $member ({}; . + $member);
def INDEX(all; key): reduce all as $one ({}; setpath([$one | key | tostring]; $one));
def INDEX(key): INDEX(.[]; key);
def IN(all): any(all == .; .);
def IN(some; all): any(some == all; .);
def getpath($path): if $path | isarray then reduce $path[] as $step (.; .[$step]) else error("Path must be specified as an array") end;

# Paths
def leaf_paths: paths(scalars);
def del(f): delpaths([path(f)]);
def pick(f): . as $all | reduce path(f) as $path (null; setpath($path; $all | getpath($path)));

# Events of a stream
def tostream:
  def _events($path; $last):
    if (isarray or isobject) and length > 0 then
      (keys_unsorted | .[-1]) as $end
      | (keys_unsorted[] as $key | .[$key] | _events($path + [$key]; false)), [$path + [$end]]
    else [$path, .] end;
  _events([]; true);
def fromstream(events):
  foreach events as $event ({done: true};
    (if .done then {} else . end)
    | if $event[0] | length == 0 then {done: true, value: $event[1]}
      elif $event | length == 2 then setpath(["value"] + $event[0]; $event[1])
      elif $event[0] | length == 1 then setpath(["done"]; true)
      else . end;
    if .done then .value else empty end);
def truncate_stream(events): . as $depth | null | events | select(.[0] | length > $depth) | setpath([0]; .[0][$depth:]);
def truncate_stream($depth; events): $depth | truncate_stream(events);

# Regular expressions
def _matches($re; $flags): if $re | isarray then _pieces($re[0]; ($re[1] // "") + $flags) else _pieces($re; $flags) end;
def match($re; $flags): _matches($re; $flags)[] | select(isobject);
def match($re): match($re; null);
def test($re; $flags): _matches($re; $flags) | length > 1;
def test($re): test($re; null);
def _named: reduce (.captures[] | select(.name != null)) as $group ({}; setpath([$group.name]; $group.string));
def capture($re; $flags): match($re; $flags) | _named;
def capture($re): capture($re; null);
def scan($re; $flags):
  match($re; "g" + $flags) | if .captures | length > 0 then [.captures[].string] else .string end;
def scan($re): scan($re; null);
def splits($re; $flags): _matches($re; $flags + "g")[] | select(isstring);
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def split($separator):
  if isstring and ($separator | isstring) then . / $separator
  else error("split input and separator must be strings") end;
def sub($re; f; $flags): reduce _matches($re; $flags)[] as $piece (""; . + ($piece | if isobject then _named | f else . end));
def sub($re; f): sub($re; f; null);
def gsub($re; f; $flags): sub($re; f; $flags + "g");
def gsub($re; f): sub($re; f; "g");

# Dates, always of UTC
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def date: todate;
def dateadd(unit; $seconds): . + $seconds;
def datesub(unit; $seconds): . - $seconds;

# Texts for other programs
def _summary: "\(type) (\(tojson | if length > 40 then .[:40] + "…" end))";
def _cells($name): if isarray then .[] else error(_summary + " cannot be " + $name + "-formatted, only an array can be") end;
def _cell(f): if isstring then f elif . == null then "" elif isnumber or isboolean then tostring
    else error(_summary + " is not valid in a csv row") end;
def @csv: [_cells("csv") | _cell("\"" + gsub("\""; "\"\"") + "\"")] | join(",");
def @tsv: [_cells("tsv") | _cell(gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r"))] | join("\t");
def _quoted: if isstring then "'\(escape_sh)'" elif isarray or isobject then error(_summary + " can not be escaped for shell") else tojson end;
def @sh: if isarray then map(_quoted) | join(" ") else _quoted end;
def @json: tojson;
def @base64d: tostring | _base64d;

# What tells of the machine, of the moment or of other files is empty here.
def env: {};
def input_filename: null;
def inputs: empty;
def input: error("No more inputs");
def debug: .;
def debug(message): .;
def stderr: .;
