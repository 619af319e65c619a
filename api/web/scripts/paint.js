// What charts have in common: letters, colours, tooltips.
export const FONT = '"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
export const SMALL = 12;
export const INK = "#14304D";
export const TEXT = "#1B2733";
export const MUTED = "#55616F";
export const GRID = "#EDF0F4";
export const LINE = "#DBE1E8";
export const AXIS = "#A9B3BE";
export const PRIMARY = "#1558B0";
export const SAVED = "#3BA184";
export const SAVED_TEXT = "#0B6B55";
export const ORANGE = "#C85A12";
export const ORANGE_TEXT = "#963B00";

export const letters = (color = MUTED, more = {}) => ({ fontFamily: FONT, fontSize: SMALL, color, ...more });

/** About how many pixels a text takes: Chinese letters are as wide as high. */
export const width = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? SMALL : SMALL * 0.6), 0);

export const pointed = (formatter) => ({
  trigger: "item",
  confine: true,
  transitionDuration: 0,
  borderColor: LINE,
  extraCssText: "max-width: 320px; white-space: normal;",
  textStyle: letters(TEXT),
  formatter,
});

/** Text in a tooltip is HTML; names are people's. */
export const plain = (text) => String(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
