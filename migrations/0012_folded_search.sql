-- What is searched is folded as questions are: full-width forms become half-width, dashes of any length hyphens.
-- Letters of either width are small already. `replace` is what both engines know; no parser likes it deeper.

update issue set search =
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(search
    , '０', '0') , '１', '1') , '２', '2') , '３', '3') , '４', '4') , '５', '5') , '６', '6') , '７', '7') , '８', '8')
    , '９', '9') , '‐', '-') , '‒', '-') , '–', '-') , '—', '-') , '―', '-') , '−', '-') , '　', ' ');

update issue set search =
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(search
    , 'ａ', 'a') , 'ｂ', 'b') , 'ｃ', 'c') , 'ｄ', 'd') , 'ｅ', 'e') , 'ｆ', 'f') , 'ｇ', 'g') , 'ｈ', 'h') , 'ｉ', 'i')
    , 'ｊ', 'j') , 'ｋ', 'k') , 'ｌ', 'l') , 'ｍ', 'm') , 'ｎ', 'n') , 'ｏ', 'o') , 'ｐ', 'p') , 'ｑ', 'q') , 'ｒ', 'r')
    , 'ｓ', 's') , 'ｔ', 't') , 'ｕ', 'u') , 'ｖ', 'v') , 'ｗ', 'w') , 'ｘ', 'x') , 'ｙ', 'y') , 'ｚ', 'z');

update issue set search =
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(search
    , '！', '!') , '＂', '"') , '＃', '#') , '＄', '$') , '％', '%') , '＆', '&') , '＇', '''') , '（', '(') , '）', ')')
    , '＊', '*') , '＋', '+') , '，', ',') , '－', '-') , '．', '.') , '／', '/') , '：', ':');

update issue set search =
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(search
    , '；', ';') , '＜', '<') , '＝', '=') , '＞', '>') , '？', '?') , '＠', '@') , '［', '[') , '＼', '\') , '］', ']')
    , '＾', '^') , '＿', '_') , '｀', '`') , '｛', '{') , '｜', '|') , '｝', '}') , '～', '~');
