//! The tables as people see them: names, heads, what each column is for and which words it takes.

/// A table: a file, or a sheet of a workbook.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name in files for programs.
    pub(super) name: &'static str,
    /// Its name on a sheet for people.
    pub(super) title: &'static str,
    /// The columns, most of which have to be there.
    pub(super) columns: &'static [Column],
    /// Whether a row may also say that it is out of use.
    pub(super) may_retire: bool,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its head in files for programs.
    pub(super) name: &'static str,
    /// Its head for people.
    pub(super) head: &'static str,
    /// What stands in it.
    pub(super) kind: Kind,
    /// Whether something has to stand in it, in every row.
    pub(super) required: bool,
    /// What it is for, in a line.
    pub(super) help: &'static str,
    /// What might stand there.
    pub(super) example: &'static str,
    /// Whether a table may come without it, and its rows stay as they were in this.
    pub(super) may_miss: bool,
}

impl Column {
    const fn that_may_miss(mut self) -> Self {
        self.may_miss = true;
        self
    }
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// A code.
    Code,
    /// Codes with `;` between them.
    Codes,
    /// A user name.
    Account,
    /// A number.
    Number,
    /// Opening hours.
    Hours,
    /// One of these words.
    Word(Words),
}

/// Words with one meaning each: the code, and how people write it.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// `Category`
pub(super) const CATEGORY: Words = &[("part", "部件"), ("event", "事件")];
/// `SpotRole`
pub(super) const SPOT_ROLE: Words = &[("lead", "主管"), ("territory", "属地"), ("operator", "管理单位")];
/// `LimitKind`
pub(super) const LIMIT_KIND: Words = &[
    ("urgent_hour", "紧急工作时"),
    ("work_hour", "工作时"),
    ("work_day", "工作日"),
    ("calendar_day", "自然日"),
];
/// `Severity`
pub(super) const SEVERITY: Words = &[("minor", "轻微"), ("general", "一般"), ("serious", "严重")];
/// Yes and no.
pub(super) const FLAG: Words = &[("true", "是"), ("false", "否")];
/// How well a list is founded.
pub(super) const EVIDENCE: Words = &[("A", "A"), ("B", "B"), ("C", "C")];
/// What a routing rule is for.
pub(super) const RULE_KIND: Words = &[("spot_clause", "点位和检查项"), ("spot_type_area", "类型和区域")];
/// `Role`
pub(super) const ROLE: Words =
    &[("inspector", "巡查员"), ("unit", "责任单位"), ("manager", "创建办"), ("admin", "系统管理员")];

/// A column that may be left empty in some rows.
const fn column(
    name: &'static str,
    head: &'static str,
    kind: Kind,
    help: &'static str,
    example: &'static str,
) -> Column {
    Column { name, head, kind, required: false, may_miss: false, help, example }
}

/// A column that is filled in every row.
const fn required(
    name: &'static str,
    head: &'static str,
    kind: Kind,
    help: &'static str,
    example: &'static str,
) -> Column {
    Column { name, head, kind, required: true, may_miss: false, help, example }
}

use Kind::{Account, Code, Codes, Hours, Number, Text, Word};

/// Whether a row is in use.
const ACTIVE: Column = column("active", "启用", Word(FLAG), "填“否”即停用；空着表示不变", "是");

pub(super) const UNITS: Table = Table {
    name: "units",
    title: "责任单位",
    columns: &[
        required("code", "编码", Code, "不重复，定了不改：大写字母、数字和-", "JYJ"),
        required("name", "名称", Text, "不重复，全称，最多60字", "教育和体育局"),
        required("short_name", "简称", Text, "不重复，最多12字", "教体局"),
        required("group", "分组", Text, "同组单位才互相比较，最多20字", "政府部门"),
        column("parent_code", "上级单位编码", Code, "没有上级的空着", ""),
        column("aliases", "别名", Text, "大家平时怎么叫，多个用;隔开，只用来搜索", "教育局;体育局")
            .that_may_miss(),
    ],
    may_retire: true,
};

pub(super) const AREAS: Table = Table {
    name: "areas",
    title: "区域",
    columns: &[
        required("code", "编码", Code, "不重复，定了不改", "CDJD"),
        required("name", "名称", Text, "不重复", "城东街道"),
        column("parent_code", "上级区域编码", Code, "只有全县这一行空着", "QL"),
        column("unit_code", "属地单位编码", Code, "负责这个区域的单位，全县空着", "CDJD"),
    ],
    may_retire: false,
};

pub(super) const SPOT_TYPES: Table = Table {
    name: "spot_types",
    title: "点位类型",
    columns: &[
        required("code", "编码", Code, "不重复，定了不改", "NMSC"),
        required("name", "名称", Text, "不重复", "农贸市场"),
        column("lead_text", "牵头单位", Text, "照文件写，只供人看", "市场监督管理局"),
        column("coop_text", "配合单位", Text, "照文件写，只供人看", "综合执法局、属地街道"),
        required("evidence", "依据等级", Word(EVIDENCE), "A 有实地标准，B 列入类型，C 多为常识", "A"),
        column("route", "巡查路线", Text, "这类点位怎么走", "沿主通道走一圈"),
    ],
    may_retire: false,
};

pub(super) const CLAUSES: Table = Table {
    name: "clauses",
    title: "检查项",
    columns: &[
        required("code", "编码", Code, "不重复，定了不改", "G01"),
        required("dimension", "类别", Text, "归在哪一类", "环境卫生"),
        required("text", "内容", Text, "可写{n}，数量由检查清单填", "公益广告不少于{n}处"),
        required("method", "检查方法", Text, "怎么看、怎么数", "沿动线清点"),
        column("not_counted", "不算", Text, "哪些情形不算", "横幅等临时形式"),
        required("category", "性质", Word(CATEGORY), "部件（设施）或事件（行为）", "部件"),
        column("role", "责任角色", Word(SPOT_ROLE), "主管、属地、管理单位，或空着", "管理单位"),
        column("default_unit", "默认单位编码", Code, "点位没有这个角色的单位时由它负责", ""),
        required("owner_text", "责任主体", Text, "照文件写", "点位管理单位"),
        required("limit_value", "时限", Number, "1到365", "3"),
        required("limit_kind", "时限单位", Word(LIMIT_KIND), "紧急工作时、工作时、工作日、自然日", "工作日"),
        required("severity", "严重程度", Word(SEVERITY), "轻微、一般、严重", "一般"),
        required("hours_sensitive", "同时段复查", Word(FLAG), "只在某些时段才有的问题填“是”", "否"),
    ],
    may_retire: true,
};

pub(super) const PHRASES: Table = Table {
    name: "phrases",
    title: "常见问题",
    columns: &[
        required("clause", "检查项编码", Code, "按常见程度排列，第一条最常见", "G04"),
        required("letter", "序号", Text, "一个小写字母，定了不改，停用的不再用", "a"),
        required("text", "问题", Text, "哪里不对，最多30字，作为问题的标题", "地面有垃圾"),
        column("severity", "严重程度", Word(SEVERITY), "与检查项不同才填", ""),
    ],
    may_retire: true,
};

pub(super) const CHECKS: Table = Table {
    name: "spot_type_clauses",
    title: "检查清单",
    columns: &[
        required("spot_type", "点位类型编码", Code, "按检查顺序排列", "NMSC"),
        required("clause", "检查项编码", Code, "同一类型里不重复", "G01"),
        column("n", "数量", Number, "检查项内容里有{n}的才填，1到999", "5"),
        column("note", "备注", Text, "这类点位的补充说明", ""),
    ],
    may_retire: true,
};

pub(super) const SPOTS: Table = Table {
    name: "spots",
    title: "点位",
    columns: &[
        required("code", "编码", Code, "不重复，定了不改", "NMSC-003"),
        required("name", "名称", Text, "不重复，最多60字", "城东农贸市场"),
        required("type", "点位类型编码", Code, "", "NMSC"),
        required("area_code", "区域编码", Code, "", "CDJD"),
        column("address", "地址", Text, "门牌地址", "和平路990号"),
        required("lng", "经度", Number, "WGS-84，单位是度，六位小数", "113.733556"),
        required("lat", "纬度", Number, "WGS-84，单位是度，六位小数", "33.565175"),
        column("lead_unit", "主管单位编码", Code, "没有的空着", "SJJ"),
        column("territory_unit", "属地单位编码", Code, "没有的空着", "CDJD"),
        column("operator_unit", "管理单位编码", Code, "没有的空着", ""),
        column("head", "点位长", Text, "填职务，不填人名", "市场监管局副局长"),
        column("hours", "开放时间", Hours, "多段用;隔开，不跨零点", "05:30-12:00;14:00-19:00"),
    ],
    may_retire: true,
};

pub(super) const RULES: Table = Table {
    name: "routing_rules",
    title: "派单规则",
    columns: &[
        required("kind", "规则种类", Word(RULE_KIND), "点位和检查项，或类型和区域", "点位和检查项"),
        column("spot", "点位编码", Code, "“点位和检查项”才填", "NMSC-003"),
        column("clause", "检查项编码", Code, "“点位和检查项”才填", "G01"),
        column("spot_type", "点位类型编码", Code, "“类型和区域”才填", ""),
        column("area", "区域编码", Code, "“类型和区域”才填", ""),
        required("unit", "责任单位编码", Code, "派给谁", "SJJ"),
        column("note", "说明", Text, "为什么这样派", "市场由市场监管局负责"),
    ],
    may_retire: true,
};

pub(super) const USERS: Table = Table {
    name: "users",
    title: "账号",
    columns: &[
        required("username", "用户名", Account, "不重复，不分大小写", "limei"),
        required("name", "姓名", Text, "", "李梅"),
        required("role", "角色", Word(ROLE), "巡查员、责任单位、创建办、系统管理员", "责任单位"),
        column("units", "单位编码", Codes, "责任单位的账号必填，多个用;隔开", "JYJ"),
    ],
    may_retire: true,
};

/// Every table, in the order they depend on one another.
pub(super) const TABLES: [&Table; 9] =
    [&UNITS, &AREAS, &SPOT_TYPES, &CLAUSES, &PHRASES, &CHECKS, &SPOTS, &RULES, &USERS];

impl Table {
    /// The table of this name, in whatever case.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        let name = super::clean::name(name);
        TABLES.into_iter().find(|table| table.name == name || table.title == name)
    }

    /// Every column a row may have.
    pub(super) fn all_columns(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().chain(self.may_retire.then_some(&ACTIVE))
    }

    /// Whether the column of this name is filled in every row.
    pub(super) fn requires(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name && column.required)
    }

    /// The column with this head.
    pub(super) fn column(&self, head: &str) -> Option<&'static Column> {
        let head = super::clean::head(head);
        self.all_columns().find(|column| column.name == head || column.head == head)
    }
}

/// The code of a word, whether it is the code itself or what people write.
pub(super) fn code_of(words: Words, text: &str) -> Option<&'static str> {
    let is_meant = |(code, word): &&(&str, &str)| code.eq_ignore_ascii_case(text) || *word == text;
    words.iter().find(is_meant).map(|it| it.0)
}

/// The words in words: `part (部件) or event (事件)`.
pub(super) fn list(words: Words) -> String {
    let one = |(code, word): &(&str, &str)| {
        if code == word { (*code).to_owned() } else { format!("{code} ({word})") }
    };
    let mut all: Vec<String> = words.iter().map(one).collect();
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} or {last}", all.join(", ")) }
}
