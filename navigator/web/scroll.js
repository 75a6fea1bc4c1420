// Brings the question just asked to the top of the window, so that its answer is read from the start.
(function scroll(attempts) {
  const top = (element) => element.getBoundingClientRect().top;
  const page = document.querySelector('[data-testid="stMain"]');
  const header = document.querySelector('[data-testid="stHeader"]');
  const exchange = document.querySelector(".st-key-exchange-NUMBER");
  if (exchange) page.scrollTop += top(exchange) - top(page) - 16 - (header ? header.offsetHeight : 0);
  else if (attempts > 0) setTimeout(scroll, 25, attempts - 1);
})(80);
