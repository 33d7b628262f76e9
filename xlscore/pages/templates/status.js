"use strict";
(() => {
  // Only comfort: the page is complete without this script. File pages may have no storage.
  const stored = (key, value) => {
    try {
      if (value !== undefined) sessionStorage.setItem("xlscore-" + key, value);
      return sessionStorage.getItem("xlscore-" + key) || "";
    } catch {
      return "";
    }
  };
  const plain = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
  const rows = [...document.querySelectorAll(".board tbody tr")];
  const tiers = [...document.querySelectorAll("details")];
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  let texts = null;
  let opened = stored("open").split(" ");

  const filter = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    texts ??= rows.map((row) => plain([...row.cells].map((c) => c.textContent).join(" ")));
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = !words.every((word) => texts[at].includes(word));
      if (!row.hidden && row.closest("details")) shown += 1;
    });
    for (const tier of tiers) {
      tier.open = words.length
        ? tier.querySelector("tbody tr:not([hidden])") !== null
        : opened.includes(tier.id);
    }
    found.textContent = words.length ? `${shown} đơn vị` : "";
    stored("query", query.value);
  };

  document.getElementById("search").hidden = false;
  for (const tier of tiers) {
    tier.addEventListener("toggle", () => {
      if (query.value) return;
      opened = tiers.filter((each) => each.open).map((each) => each.id);
      stored("open", opened.join(" "));
    });
  }
  query.addEventListener("input", filter);
  query.value = stored("query");
  filter();

  const stale = document.getElementById("stale");
  if (stale) {
    const minutes = Math.floor((Date.now() / 1000 - Number(stale.dataset.written)) / 60);
    if (minutes >= Number(stale.dataset.minutes)) {
      const [size, name] = [[1440, "ngày"], [60, "giờ"], [1, "phút"]].find(([n]) => minutes >= n);
      const age = `${Math.floor(minutes / size)} ${name}`;
      stale.textContent = `Trang này được ghi cách đây ${age}: có thể việc tiếp nhận đã dừng.`;
      stale.hidden = false;
    }
  }
})();
