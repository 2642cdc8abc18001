// People's colours on the canvas and in the bar: white text reads on each, and none is the selection's own indigo.
const COLORS = [
  "#0f766e",
  "#c2410c",
  "#be185d",
  "#0369a1",
  "#4d7c0f",
  "#7e22ce",
  "#a16207",
  "#0e7490",
  "#9f1239",
  "#3f6212",
  "#86198f",
  "#92400e",
];

export const viewerColor = (index: number) => COLORS[Math.abs(index) % COLORS.length] ?? "#0f766e";
