// 登录页的文字。
export default {
  product: "掌上指挥",
  looking: "正在确认登录状态…",
  name: "账号",
  password: "密码",
  enter: "登录",
  entering: "正在登录…",
  codeIntro: "请在您本人的手机上点“登录”，之后无需再次登录。",
  codeOnce: "登录码只能使用一次。",
  codeHint: "一线人员请扫描登录码或打开登录链接，无需账号和密码。",
};
