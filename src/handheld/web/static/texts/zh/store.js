// 手机端本机存储与发送的提示。
export default {
  tooLong: { wrong: "内容太长，无法发送。", todo: "请删减文字后再试。" },
  full: { wrong: "手机存储空间已满，没有保存。", todo: "请清理手机空间后再试；之前保存的内容仍在。" },
  notStored: { wrong: "没有保存成功。", todo: "请再试一次；如仍不行，请重新打开本页。" },
  atOnceOnly: { wrong: "没有网络，且此浏览器不能保存内容，未能送出。", todo: "请在有信号时再试，或换用手机自带的浏览器打开。" },
  notAPhoto: { wrong: "这张照片打不开。", todo: "请重新拍一张，或另选一张照片。" },
  voiceEmpty: { wrong: "没有录到声音。", todo: "请按住按钮再说一次。" },
  voiceTooLong: { wrong: "录音太长。", todo: "请分成几段来说。" },
};
