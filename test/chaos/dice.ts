export { type Dice, dice } from "../../lib/sim/dice.ts";
