// The box that answers why, why not and what if. All answers stand in the page; this only finds and shows them. Nothing is sent
// anywhere. Texts are only ever set as text, and the words are the page's. It holds no left angle bracket, so that a page can carry it.
"use strict";
(function () {
  var box = document.getElementById("inquire");
  var data = JSON.parse(document.getElementById("answers").textContent);
  var most = 40;
  var asked = data.asked.map(function (one) {
    return { kind: one[0], label: one[1], name: one[2], roots: one[3] };
  }).concat(Array.prototype.map.call(box.querySelectorAll("details.if"), function (one) {
    var lines = Array.prototype.map.call(one.querySelectorAll(".line"), words);
    return { kind: "what-if", label: words(one.querySelector(".label")), name: words(one.querySelector("code")), lines: lines };
  }));
  asked.forEach(function (one) { one.text = plain(one.label + " " + one.name); });

  var search = box.querySelector("input[type=search]");
  var radios = Array.prototype.slice.call(box.querySelectorAll("input[type=radio]"));
  var kinds = {};
  radios.forEach(function (one) { kinds[one.value] = words(one.parentNode); });
  var list = box.querySelector(".found");
  var status = box.querySelector("[role=status]");
  var answer = box.querySelector(".answer");

  function words(one) {
    return one.textContent.replace(/\s+/g, " ").trim();
  }

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[_.\-]/g, " ");
  }

  function element(name, text, kind) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; made.dir = "auto"; }
    if (kind) { made.className = kind; }
    return made;
  }

  function matches() {
    var kind = radios.filter(function (one) { return one.checked; })[0].value;
    var typed = plain(search.value).split(/\s+/).filter(Boolean);
    return asked.filter(function (one) {
      return (kind === "all" || one.kind === kind) && typed.every(function (word) { return one.text.indexOf(word) !== -1; });
    });
  }

  function show() {
    var found = matches();
    list.textContent = "";
    found.slice(0, most).forEach(function (one) {
      var item = element("li");
      var button = element("button");
      button.type = "button";
      button.appendChild(element("span", kinds[one.kind], "kind"));
      button.appendChild(element("span", one.label, "label"));
      button.appendChild(element("code", one.name));
      button.addEventListener("click", function () { tell(one); });
      item.appendChild(button);
      list.appendChild(item);
    });
    var said = found.length === 0 ? "none" : found.length === 1 ? "one" : found.length > most ? "some" : "all";
    status.textContent = status.getAttribute("data-" + said).replace("{found}", found.length).replace("{shown}", most);
  }

  function branch(number, depth) {
    var node = data.nodes[number];
    var item = element("li");
    var lines = node[0].map(function (one) { return data.lines[one]; });
    var rest = node[1];
    var head = item;
    if (rest.length && depth >= 3) {
      head = element("details");
      var summary = element("summary", lines[0]);
      head.appendChild(summary);
      item.appendChild(head);
    } else {
      head.appendChild(element("span", lines[0], "line"));
    }
    lines.slice(1).forEach(function (one) { head.appendChild(element("span", one, "more")); });
    if (rest.length) {
      var below = element("ul");
      rest.forEach(function (one) { below.appendChild(branch(one, depth + 1)); });
      head.appendChild(below);
    }
    return item;
  }

  function tell(one) {
    answer.textContent = "";
    var head = element("h3", kinds[one.kind] + ": " + one.label);
    head.tabIndex = -1;
    answer.appendChild(head);
    var tree = element("ul", "", "tree");
    if (one.roots) {
      one.roots.forEach(function (root) { tree.appendChild(branch(root, 0)); });
    } else {
      one.lines.forEach(function (line) {
        var item = element("li");
        item.appendChild(element("span", line, "line"));
        tree.appendChild(item);
      });
    }
    answer.appendChild(tree);
    head.focus();
  }

  // The arrow keys go through the list, and back to what is typed.
  function go(event) {
    var step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) { return; }
    var stops = [search].concat(Array.prototype.slice.call(list.querySelectorAll("button")));
    var at = stops.indexOf(document.activeElement);
    var to = stops[at + step];
    if (at === -1 || !to) { return; }
    event.preventDefault();
    to.focus();
  }

  // A mark in the text asks about what it stands at.
  function ask(event) {
    var name = event.currentTarget.getAttribute("data-ask");
    var one = asked.filter(function (each) { return each.kind === "why" && each.name === name; })[0];
    if (!one) { return; }
    event.preventDefault();
    search.value = one.label;
    show();
    tell(one);
  }

  search.addEventListener("input", show);
  radios.forEach(function (one) { one.addEventListener("change", show); });
  box.addEventListener("keydown", go);
  Array.prototype.forEach.call(document.querySelectorAll("[data-ask]"), function (one) { one.addEventListener("click", ask); });
  box.querySelector(".without-script").hidden = true;
  box.querySelector(".with-script").hidden = false;
  show();
}());
