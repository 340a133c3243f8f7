// The words of the pages in both languages. What the robot says stays Mandarin.
"use strict";

const WORDS = {
  zh: {
    tagline: "语音和图片客服网关 · 演示小店", console: "控制台", other: "English",
    talk: "和小店说话", hint: "可以打电话、打字，也可以发照片，都在同一个对话里。",
    call: "打电话", hangUp: "挂断", photo: "发照片", photoHintMany: "一次最多 6 张，同一件商品的几张会一起看。", send: "发送", placeholder: "例如：我的快递到哪了？",
    evidence: "回答的依据", evidenceHint: "点一下小店的回答，看每句话来自哪条记录。", noEvidence: "这句是礼貌用语，没有引用数据。",
    try: "试试这样说", shelf: "小店里有什么",
    connecting: "正在接通…", talking: "通话中，直接说话即可，可以随时打断。", ended: "通话已结束。", over: "对话已结束，再说一句会开始新的对话。",
    noMicrophone: "没有麦克风权限，请在浏览器里允许使用麦克风。", offline: "连接中断，请刷新页面。", sending: "正在看您的照片…", tooMany: "一次最多发 6 张照片。", yourPhoto: "您的照片", refused: (n, why) => `第 ${n} 张没有收到：${why}`,
    latency: "毫秒后开始回答", heard: "只听到：", unheard: "没有听到", sure: "识别把握", handOff: "已转人工",
    photoTitle: "把照片发进通话", photoHint: "拍清楚有问题的地方，不用挂电话。发出后请继续听电话。", photoSent: "收到了，请继续听电话。", gone: "这个链接已经失效，请在电话里再要一个。",
    key: "密钥", logIn: "登录", keyHint: "第一次启动 waggle serve 时打印的密钥。", wrongKey: "密钥不对。", logOut: "退出",
    examples: ["我的快递到哪了？", "订单什么时候发货", "我想退货", "花瓶收到就碎了", "这件衬衫是什么面料", "转人工"],
    kinds: { order: "订单", parcel: "包裹", product: "商品", faq: "常见问题", flow: "流程", photo: "照片", policy: "店铺规则", customer: "顾客" },
  },
  en: {
    tagline: "Voice and image service gateway · demo shop", console: "Console", other: "中文",
    talk: "Talk to the shop", hint: "Call, type or send a photo: it is one conversation. The robot speaks Mandarin.",
    call: "Call", hangUp: "Hang up", photo: "Photos", photoHintMany: "Up to six at once; photos of one item are judged together.", send: "Send", placeholder: "Such as: 我的快递到哪了？",
    evidence: "Evidence", evidenceHint: "Choose an answer to see which record each sentence comes from.", noEvidence: "A courtesy; no figures are quoted.",
    try: "Try saying", shelf: "On the shelf",
    connecting: "Connecting…", talking: "In a call. Just speak; you may interrupt.", ended: "The call has ended.", over: "The conversation has ended; say something to begin a new one.",
    noMicrophone: "No microphone: please allow this page to use it.", offline: "The connection broke, please reload.", sending: "Looking at your photos…", tooMany: "At most six photos at once.", yourPhoto: "Your photo", refused: (n, why) => `Photo ${n} was not taken: ${why}`,
    latency: "ms to the first sound", heard: "Heard only: ", unheard: "Not heard", sure: "recogniser's confidence", handOff: "Handed to a person",
    photoTitle: "Send a photo into the call", photoHint: "Show the damage clearly. Do not hang up; keep listening after it is sent.", photoSent: "Received. Please listen to your phone.", gone: "This link is used up; ask on the phone for a new one.",
    key: "Key", logIn: "Log in", keyHint: "The key that the first start of waggle serve printed.", wrongKey: "Wrong key.", logOut: "Log out",
    examples: ["我的快递到哪了？", "订单什么时候发货", "我想退货", "花瓶收到就碎了", "这件衬衫是什么面料", "转人工"],
    kinds: { order: "Order", parcel: "Parcel", product: "Product", faq: "FAQ", flow: "Flow step", photo: "Photo", policy: "Policy", customer: "Customer" },
  },
};

let language = localStorage.getItem("language") || (navigator.language.startsWith("zh") ? "zh" : "en");
const say = (key) => WORDS[language][key];
// locale writes times the way the language does.
const locale = () => (language === "zh" ? "zh-CN" : "en-GB");
// word is what a term of the API is called; an unknown one stands for itself.
const word = (list, term) => (Object.hasOwn(say(list), term) ? say(list)[term] : term);

// put writes the words of the chosen language into the page.
function put() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const el of document.querySelectorAll("[data-words]")) el.textContent = say(el.dataset.words);
  for (const el of document.querySelectorAll("[data-words-placeholder]")) el.placeholder = say(el.dataset.wordsPlaceholder);
  for (const el of document.querySelectorAll("[data-words-label]")) el.setAttribute("aria-label", say(el.dataset.wordsLabel));
  const button = document.getElementById("language");
  if (button) button.textContent = say("other");
}

document.addEventListener("DOMContentLoaded", () => {
  put();
  document.getElementById("language")?.addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    localStorage.setItem("language", language);
    put();
    document.dispatchEvent(new Event("language"));
  });
});

// make builds an element; text is always text, never markup.
function make(tag, attributes = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") el.className = value; else el.setAttribute(name, value);
  }
  el.append(...children);
  return el;
}
