// 样式指南的文字。
export default {
  title: "样式指南",
  intro: "各页面共用的颜色、字号和部件，列出每种状态，浅色与深色并排。",
  sampleTag: "样例",
  sample: "本页全部为样例数据，不含任何真实人员、地点和记录。",
  toTop: "回到页首",
  letters: "文字 Aa 123",
  parts: { label: "目录", colour: "颜色", measure: "字号与间距", controls: "按钮与输入", marks: "标记", saying: "提示", board: "看板数字", map: "区划色块图", people: "人员表", timeline: "时间线" },
  colour: {
    ground: "底色、文字与强调色", groundNote: "正文对比度不低于 4.5 : 1，图形不低于 3 : 1。",
    states: "任务状态", statesNote: "颜色只用于状态，并且总与图标、文字一起出现。",
    levels: "预警等级", shares: "占比色阶", sharesNote: "色块图由浅到深五级，最深一级用反色文字。",
  },
  measure: { type: "字号", sentence: "防台风应急响应已派单", space: "间距", corners: "圆角与阴影" },
  controls: {
    buttons: "按钮", buttonsNote: "一屏只有一个主按钮。", main: "确认", plain: "普通", grave: "撤销", bare: "次要", withIcon: "发起", onlyIcon: "催办", disabled: "不可用", busy: "正在发送…", pressed: "已选中", link: "链接", large: "领办",
    fields: "输入", field: "标题", hint: "写明要做的事，三十字以内。", placeholder: "例如：巡查河道", wrongField: "必填项", wrongWords: "请填写标题。", lines: "多行文字", choice: "选择", options: ["第一项", "第二项", "第三项"], check: "需要核查",
    tabs: "标签页", tabNames: ["人员", "地图", "时间线"], panel: "面板", panelTitle: "待办", panelText: "面板里放一类内容。",
    dialog: "对话框与通知", openDialog: "打开对话框", dialogTitle: "发起专班", dialogText: "按 Esc 或点空白处关闭，焦点会回到原处。",
    tell: "显示完成通知", told: "已催办 20 人", tellWrong: "显示出错通知", wrong: "没有发出", wrongDetail: "请检查网络后重试。",
  },
  marks: {
    states: "任务状态", statesNote: "六种状态互不重叠；超期是附加标记。", levels: "预警等级、响应等级与其他标记", other: "挂起", people: "人员", times: "时间与数字", timesNote: "显示相对时间，鼠标停留时显示准确时间。", icons: "图标",
  },
  saying: {
    connection: "连接状态", connectionNote: "断线后写明中断多久，内容变灰。", stale: "这段内容已不是最新。", empty: "空白", emptyNote: "没有内容时说明下一步做什么。", emptyTitle: "目前没有进行中的专班", emptyText: "从预案发起，或者临时发起。", emptyAction: "发起",
    working: "进行中", workingWords: "正在派单…", notices: "通知", remark: "已切换为战时", remarkText: "平时预案暂停使用。", done: "已派单 11,124 人", care: "有 3 个岗位空缺", careText: "请先安排人员，或者跳过这些岗位。",
  },
  board: {
    crumbs: "区划路径", path: ["样例区", "青石镇", "云松村村民委员会"], states: "状态数字", statesNote: "每个数字都能点开，看到背后的人。", statesNone: "没有任务时", statesWall: "状态数字（大屏）",
    funnel: "办理进度", funnelNote: "没有人需要的环节不显示；用时用文字说明。", funnelScene: "含到场环节", funnelNarrow: "办理进度（窄）", funnelWall: "办理进度（大屏）",
    sumsTitle: "回单汇总", sumsWall: "回单汇总（大屏）", sumsNone: "还没有数字时", sums: [["转移人数", "人"], ["排查隐患点", "处"], ["仍未消除的隐患", "处"], ["不愿转移的户数", "户"]],
    rates: "指标", departmentsTitle: "部门", departments: ["样例应急管理局", "样例水利局", "样例住房和城乡建设局"], spark: "趋势线与状态条", sparkLabel: "领办人数由 0 升到 75",
  },
  map: {
    towns: "乡镇街道：未领办占比", note: "街道居中，位置不变；用方向键移动，按回车进入。", closed: "乡镇街道：已办结占比", overdue: "乡镇街道：超期占比", outlines: "有边界数据时", outlinesNote: "样例边界按公式画成，不是任何真实地方。没有边界的区划排在下面。",
    villages: "三十个村", grids: "四十个网格", wall: "色块图（大屏）", narrow: "色块图（窄）",
  },
  people: { table: "人员表", note: "按住 Shift 可连选；每次只取一页。", narrow: "人员表（窄）", actions: "带操作按钮", remind: "催办", none: "没有人员时" },
  timeline: { normal: "时间线", note: "点一条看三个时间、序号和操作人；一分钟内同类的合在一起。", compact: "紧凑", wall: "大屏", none: "没有动态时" },
  sampleData: {
    person: (/** @type {number} */ n) => `样例人员${String(n).padStart(2, "0")}`,
    grid: (/** @type {number} */ n) => `第${n}网格`,
    longPlace: "上云松竹梅村第十二网格",
    town: "青石镇",
    told: {
      reported: "样例人员01 回单：已转移 3 户 7 人",
      reminded: (/** @type {number} */ n) => `第 1 次催办 样例人员${String(n).padStart(2, "0")} 领办`,
      finding: "上报：河堤出现裂缝，长约两米", struck: "记事：二号闸门已关闭", struckMark: "作废：登记错误", accepted: "样例人员07 领办", claim: "手机时间比记录时间早一天", claimMark: "时间存疑",
      message: "消息：集合地点在镇小学", right: "集合地点在镇政府", why: "地点写错", rightMark: "已更正：集合地点在镇政府", overtaken: "样例人员24 的领办来晚了（任务已撤回）", declined: "样例人员13 退单：在外地，今天回不来",
      level: "响应等级由Ⅳ级调为Ⅲ级：风力增大", warning: "收到台风橙色预警",
    },
  },
};
