/** The functions of the port's contract as a functions module. */
export { offered as default } from "../../../test/contracts/functions/offered.ts";
