// JSONata as the states language takes it.

/** An expression written over several lines, in one: the states language allows no line break between `{%` and `%}`. */
export const oneLine = (expression: string): string => expression.replaceAll(/\s*\n\s*/g, ' ').trim();
