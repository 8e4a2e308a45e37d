export { handOn as GET, handOn as HEAD } from "../lib/hand-on";
