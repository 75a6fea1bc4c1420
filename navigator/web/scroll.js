// Brings the question just asked to the top of the window, so that its answer is read from the start.
(function scroll(attempts) {
  const page = document.querySelector('[data-testid="stMain"]');
  const exchange = document.querySelector(".st-key-exchange-NUMBER");
  if (exchange) page.scrollTop += exchange.getBoundingClientRect().top - page.getBoundingClientRect().top - 16;
  else if (attempts > 0) setTimeout(scroll, 25, attempts - 1);
})(80);
