import { isProblem, parseDuration } from "../../../recovery";

const amount = String.raw`\d[\d,]*(?:\.\d+)?(?:[dhms](?: \d+[dhms])*)?`;
const equation = new RegExp(
  String.raw`(?<![\w/.,])(\(?${amount}(?: [-+x/] \(?${amount}\)?)*)(, rounded (?:up|down))? = (${amount})`,
  "g",
);

/** One equation of a line as it is written, and what its two sides come to. */
export interface Equation {
  text: string;
  left: number;
  right: number;
}

/** The equations of a line, reckoned anew: `24h - 2 x 40m = 22h 40m`. */
export function equationsIn(line: string): Equation[] {
  return [...line.matchAll(equation)].map(([text, expression = "", rounded, right = ""]) => {
    const exact = amountIn(expression);
    const left = rounded === undefined ? exact : rounded.endsWith("up") ? Math.ceil(exact) : Math.floor(exact);
    return { text, left, right: amountIn(right) };
  });
}

/** What sums, differences, products and quotients of amounts come to, in seconds where they are spans. */
function amountIn(expression: string): number {
  const [, inside, rest] = /^\((.*)\)( .*)$/.exec(expression) ?? [];
  if (inside !== undefined && rest !== undefined) return amountIn(`${amountIn(inside)}${rest}`);
  const terms = expression.split(/ (?=[-+] )/);
  return terms.reduce((all, term) => {
    const [, sign, product = ""] = /^([-+] )?(.*)$/.exec(term) ?? [];
    return sign === "- " ? all - productOf(product) : all + productOf(product);
  }, 0);
}

function productOf(product: string): number {
  const [first = "", ...others] = product.split(/ (?=[x/] )/);
  return others.reduce((all, factor) => {
    const value = amountOf(factor.slice(2));
    return factor.startsWith("x") ? all * value : all / value;
  }, amountOf(first));
}

function amountOf(text: string): number {
  const span = parseDuration(text.replaceAll(" ", ""));
  return isProblem(span) ? Number(text.replaceAll(",", "")) : span;
}
