// Comfort only: the room is complete without it. Arrow keys in the matrix, and buttons that copy.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    var link = document.activeElement;
    var cell = link && link.closest ? link.closest(".matrix td") : null;
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    var row = cell.parentNode;
    var rows = Array.prototype.slice.call(row.parentNode.rows);
    var at = cell.cellIndex, line = rows.indexOf(row), step = steps[event.key];
    if (event.key === "Home") at = 1;
    else if (event.key === "End") at = row.cells.length - 1;
    else if (step) { line += step[0]; at += step[1]; }
    else return;
    var target = rows[line] && rows[line].cells[at] && rows[line].cells[at].querySelector("a");
    if (target) { event.preventDefault(); target.focus(); }
  });
  if (!navigator.clipboard) return;
  Array.prototype.forEach.call(document.querySelectorAll("pre[data-copy]"), function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = block.getAttribute("data-copy");
    button.addEventListener("click", function () { navigator.clipboard.writeText(block.textContent); });
    block.parentNode.insertBefore(button, block);
  });
})();
