// Draws every <canvas data-chart="…"> of a page with Chart.js, which comes with the shell. The
// attribute says what, as JSON:
//
//   {"type": "line", "labels": ["1 May", …], "unit": "%",
//    "series": [{"label": "this year", "values": [1, null, 3], "dashed": true, "type": "bar"}, …]}
//
// `type` is "line" or "bar"; `stacked` and `horizontal` are true where it should be so. Colours are
// the theme's, drawn anew when that changes and when live.js has replaced a part of the page.

const COLOURS = ["--hb-link", "--hb-gold", "--hb-green", "--hb-red", "--hb-quiet"];
const MANY_POINTS = 45; // more than these are drawn without dots

const drawn = new Map();

function theme() {
  const page = document.querySelector(".hb-page, .hb-today") ?? document.documentElement;
  const style = getComputedStyle(page);
  return (name) => style.getPropertyValue(name).trim();
}

function dataset(series, index, { type, labels }, colour) {
  const own = colour(COLOURS[index % COLOURS.length]);
  const kind = series.type ?? type;
  return {
    type: kind,
    label: series.label,
    data: series.values,
    borderColor: own,
    backgroundColor: kind === "bar" ? own : `color-mix(in srgb, ${own} 14%, transparent)`,
    borderDash: series.dashed ? [6, 5] : [],
    borderWidth: kind === "bar" ? 0 : 2,
    borderRadius: 3,
    maxBarThickness: 34,
    pointRadius: series.dashed || labels.length > MANY_POINTS ? 0 : 2.5,
    pointBackgroundColor: own,
    fill: kind === "line" && !series.dashed && index === 0,
    cubicInterpolationMode: "monotone",
    spanGaps: Boolean(series.dashed),
  };
}

function config(said) {
  const colour = theme();
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const told = (value) => number.format(value) + (said.unit ? `\u00a0${said.unit}` : "");
  const text = { color: colour("--hb-quiet"), font: { size: 12 } };
  const across = said.horizontal ? "x" : "y";
  const along = said.horizontal ? "y" : "x";
  const stacked = Boolean(said.stacked);
  return {
    type: said.type,
    data: {
      labels: said.labels,
      datasets: said.series.map((one, index) => dataset(one, index, said, colour)),
    },
    options: {
      indexAxis: along,
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false, axis: along },
      scales: {
        [along]: { stacked, ticks: { ...text, maxRotation: 0, autoSkip: !said.horizontal, autoSkipPadding: 14 }, grid: { display: false }, border: { color: colour("--hb-line") } },
        [across]: { stacked, beginAtZero: true, ticks: { ...text, maxTicksLimit: 6, callback: told }, grid: { color: colour("--hb-line") }, border: { display: false } },
      },
      plugins: {
        legend: { display: said.series.length > 1, position: "bottom", labels: { ...text, boxWidth: 14, boxHeight: 2 } },
        tooltip: {
          enabled: true,
          backgroundColor: colour("--hb-ink"), titleColor: colour("--hb-card"), bodyColor: colour("--hb-card"),
          callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${parsed[across] === null ? "–" : told(parsed[across])}` },
        },
      },
    },
  };
}

function draw(canvas) {
  drawn.get(canvas)?.destroy();
  drawn.set(canvas, new Chart(canvas, config(JSON.parse(canvas.dataset.chart))));
}

function drawAll(within = document) {
  for (const canvas of drawn.keys()) {
    if (canvas.isConnected) continue;
    drawn.get(canvas).destroy();
    drawn.delete(canvas);
  }
  within.querySelectorAll("canvas[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("hb:replaced", (event) => drawAll(event.detail), true);
new MutationObserver(() => drawAll()).observe(document.documentElement, { attributeFilter: ["class"] });
