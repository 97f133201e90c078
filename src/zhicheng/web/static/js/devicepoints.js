// Devices as points of one WebGL layer: rows of bytes as core/telemetry/base/livebytes.py writes them, and how they are drawn.
const HEAD = 24;
export const UNHEARD = 0, ONLINE = 1, OFFLINE = 2, ALARM = 3, GONE = 4;
const VERTEX = `#version 300 es
layout(location = 0) in vec2 a_place;
layout(location = 1) in uint a_state;
uniform mat4 u_matrix;
uniform float u_size;
uniform vec3 u_colours[4];
flat out highp uint v_state;
flat out float v_size;
flat out vec4 v_colour;
void main() {
  v_state = a_state;
  v_size = u_size * (a_state == 3u ? 2.2 : a_state == 0u ? 0.8 : 1.0) + (a_state == 3u ? 8.0 : 0.0);
  v_colour = vec4(u_colours[min(a_state, 3u)], 1.0) * (v_size <= 3.5 && a_state < 2u ? 0.6 : 1.0);  // crowds let the map through
  gl_PointSize = v_size;
  gl_Position = a_state >= 4u ? vec4(2.0, 2.0, 2.0, 1.0) : u_matrix * vec4(a_place, 0.0, 1.0);
}`;
// A state has a shape as well as a colour: a disc, a ring, a diamond with a rim, a small dot. Very small ones are squares: a processor draws them quickly.
const FRAGMENT = `#version 300 es
precision mediump float;
uniform vec3 u_rim;
flat in highp uint v_state;
flat in float v_size;
flat in vec4 v_colour;
out vec4 colour;
void main() {
  colour = v_colour;
  if (v_size <= 3.5) return;
  vec2 at = abs(gl_PointCoord - 0.5) * 2.0;
  float far = v_state == 3u ? at.x + at.y : length(at);
  if (far > 1.0 || (v_state == 2u && v_size > 4.0 && far < 0.55)) discard;
  if (v_state == 3u && far > 1.0 - 4.0 / v_size) colour.rgb = u_rim;
}`;

export const eastward = (longitude) => (180 + longitude) / 360;
export const southward = (latitude) => (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360))) / 360;

export function rgb(text) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.fillStyle = text;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((part) => part / 255);
}

// Rows of devices: positions as mercator coordinates relative to `origin`, precise to centimetres as 32-bit floats.
export class Rows {
  constructor(buffer) {
    const view = new DataView(buffer);
    this.epoch = view.getUint32(4, true);
    this.sequence = view.getUint32(8, true);
    this.count = view.getUint32(12, true);
    const [count, room] = [this.count, Math.ceil(this.count * 1.1) + 256];
    const longitude = new Int32Array(buffer, HEAD + 8 * count, count);
    const latitude = new Int32Array(buffer, HEAD + 12 * count, count);
    this.thing = new Float64Array(room);
    this.thing.set(new Float64Array(buffer, HEAD, count));
    this.place = new Float32Array(2 * room);
    this.state = new Uint8Array(room).fill(GONE);
    this.state.set(new Uint8Array(buffer, HEAD + 16 * count, count));
    const middle = count ? [longitude[count >> 1] / 1e7, latitude[count >> 1] / 1e7] : [0, 0];
    this.origin = [eastward(middle[0]), southward(middle[1])];
    for (let row = 0; row < count; row++) this.put(row, longitude[row], latitude[row]);
  }

  put(row, longitude, latitude) {
    this.place[2 * row] = eastward(longitude / 1e7) - this.origin[0];
    this.place[2 * row + 1] = southward(latitude / 1e7) - this.origin[1];
  }

  // Takes what changed; null where it does not fit (begin anew), else whether something moved, changed, or alarms differ.
  take(buffer) {
    const view = new DataView(buffer);
    const [epoch, sequence, placed, changed, total] = [4, 8, 12, 16, 20].map((at) => view.getUint32(at, true));
    if (epoch !== this.epoch || total > this.thing.length) return null;
    const things = new Float64Array(buffer, HEAD, placed);
    const [where, longitude, latitude] = [8, 12, 16].map((at, index) => new (index ? Int32Array : Uint32Array)(buffer, HEAD + at * placed, placed));
    for (let index = 0; index < placed; index++) {
      this.thing[where[index]] = things[index];
      this.put(where[index], longitude[index], latitude[index]);
    }
    const rows = new Uint32Array(buffer, HEAD + 20 * placed, changed);
    const states = new Uint8Array(buffer, HEAD + 20 * placed + 4 * changed, changed);
    let alarms = false;
    for (let index = 0; index < changed; index++) {
      alarms ||= states[index] === ALARM || this.state[rows[index]] === ALARM;
      this.state[rows[index]] = states[index];
    }
    this.count = total;
    this.sequence = sequence;
    return { placed: placed > 0, changed: changed > 0, alarms };
  }

  tally() {
    const counts = [0, 0, 0, 0, 0];
    for (let row = 0; row < this.count; row++) counts[this.state[row]]++;
    return counts;
  }

  // The device nearest to a point, within a radius (mercator); one that alarms goes before its neighbours.
  nearest(x, y, radius) {
    const [east, south] = [x - this.origin[0], y - this.origin[1]];
    let [best, least] = [-1, radius * radius];
    for (let row = 0; row < this.count; row++) {
      const [dx, dy] = [this.place[2 * row] - east, this.place[2 * row + 1] - south];
      if (dx > radius || dx < -radius || dy > radius || dy < -radius || this.state[row] === GONE) continue;
      const far = (dx * dx + dy * dy) * (this.state[row] === ALARM ? 0.25 : 1);
      if (far < least) [best, least] = [row, far];
    }
    return best;
  }

  point(row) {
    const [x, y] = [this.place[2 * row] + this.origin[0], this.place[2 * row + 1] + this.origin[1]];
    return [x * 360 - 180, (360 / Math.PI) * Math.atan(Math.exp(((180 - y * 360) * Math.PI) / 180)) - 90];
  }
}

function shader(gl, kind, text) {
  const made = gl.createShader(kind);
  gl.shaderSource(made, text);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made));
  return made;
}

// The custom layer of the map: two buffers, positions and states; a third names the rows that alarm, drawn last.
export class Layer {
  constructor(rows, colours) {
    Object.assign(this, { id: "live-devices", type: "custom", renderingMode: "2d", rows, colours, shown: true });
  }

  onAdd(map, gl) {
    Object.assign(this, { map, gl, program: gl.createProgram(), array: gl.createVertexArray() });
    gl.attachShader(this.program, shader(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(this.program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(this.program);
    this.uniform = Object.fromEntries(["u_matrix", "u_size", "u_colours", "u_rim"].map((name) => [name, gl.getUniformLocation(this.program, name)]));
    [this.places, this.states, this.alarms] = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.states);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.alarms);
    gl.bindVertexArray(null);
    this.replace(this.rows);
  }

  replace(rows) {
    this.rows = rows;
    const gl = this.gl;
    for (const [buffer, data] of [[this.places, rows.place], [this.states, rows.state]]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    }
    this.mark();
  }

  renew({ placed }) {
    const gl = this.gl;
    if (placed) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.rows.place);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.states);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.rows.state);
    this.mark();
  }

  mark() {
    const rows = [];
    for (let row = 0; row < this.rows.count; row++) if (this.rows.state[row] === ALARM) rows.push(row);
    this.alarming = rows.length;
    this.gl.bindVertexArray(this.array);
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(rows), this.gl.DYNAMIC_DRAW);
    this.gl.bindVertexArray(null);
    this.map.triggerRepaint();
  }

  // Pixels across, at a zoom: the same as of the other points, less where very many would hide the map and each other.
  size() {
    const zoom = this.map.getZoom();
    const few = Math.min(1, Math.max(0.45, Math.sqrt(25000 / Math.max(1, this.rows.count))));
    const css = zoom < 13 ? Math.max(2, (3 + Math.max(0, zoom - 9)) * few) : 7 * few + Math.min(9, (zoom - 13) * 2.25);
    return css * this.colours.scale * devicePixelRatio;
  }

  render(gl, { defaultProjectionData }) {
    if (!this.shown || !this.rows.count) return;
    const matrix = Float64Array.from(defaultProjectionData.mainMatrix);
    const [x, y] = this.rows.origin;
    for (let at = 0; at < 4; at++) matrix[12 + at] += matrix[at] * x + matrix[4 + at] * y;
    gl.useProgram(this.program);
    gl.uniformMatrix4fv(this.uniform.u_matrix, false, Float32Array.from(matrix));
    gl.uniform1f(this.uniform.u_size, this.size());
    gl.uniform3fv(this.uniform.u_colours, this.colours.states.flat());
    gl.uniform3fv(this.uniform.u_rim, this.colours.rim);
    gl.bindVertexArray(this.array);
    gl.drawArrays(gl.POINTS, 0, this.rows.count);
    if (this.alarming) gl.drawElements(gl.POINTS, this.alarming, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }
}
