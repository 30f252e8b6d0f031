// A map of the 동 with points: one may be picked (tap, position, or keys) or some may be looked at.
// No tiles are fetched unless the office configured a base map; fonts are the reader's own.
import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type Geometry from "ol/geom/Geometry";
import Point from "ol/geom/Point";
import { defaults as interactions } from "ol/interaction/defaults";
import KeyboardPan from "ol/interaction/KeyboardPan";
import KeyboardZoom from "ol/interaction/KeyboardZoom";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import OlMap from "ol/Map";
import { fromLonLat, toLonLat } from "ol/proj";
import Cluster from "ol/source/Cluster";
import VectorSource from "ol/source/Vector";
import XYZ from "ol/source/XYZ";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Icon from "ol/style/Icon";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import View from "ol/View";
import { button, byId, say } from "./page";

/** A colour of the page in force, so that high contrast reaches the canvas. */
function colour(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

/** Six decimals are about a tenth of a metre. */
function degrees(value: number): string {
  return value.toFixed(6);
}

async function features(address: string | undefined): Promise<Feature<Geometry>[]> {
  if (!address) return [];
  const answer = await fetch(address, { headers: { accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const read = new GeoJSON().readFeatures(await answer.json(), { featureProjection: "EPSG:3857" });
  return read as Feature<Geometry>[];
}

function nameOf(feature: { get(key: string): unknown } | null | undefined): string {
  const language = document.documentElement.lang;
  const name = feature?.get(`name_${language}`) ?? feature?.get("name") ?? feature?.get("title");
  return typeof name === "string" ? name : "";
}

/** What a mark of the points stands for. */
function held(mark: { get(key: string): unknown } | null | undefined): Feature<Geometry>[] {
  const features: unknown = mark?.get("features");
  return Array.isArray(features) ? (features as Feature<Geometry>[]) : [];
}

function addressOf(feature: Feature<Geometry> | undefined): string {
  const address: unknown = feature?.get("url");
  return typeof address === "string" && address.startsWith("/") ? address : "";
}

/** The cases of one mark as links, for what cannot be drawn apart. */
function links(features: Feature<Geometry>[]): HTMLUListElement {
  const list = document.createElement("ul");
  for (const feature of features.slice(0, 20)) {
    const link = document.createElement("a");
    link.href = addressOf(feature);
    link.textContent = nameOf(feature);
    const line = document.createElement("li");
    if (link.getAttribute("href")) line.append(link);
    else line.textContent = nameOf(feature);
    list.append(line);
  }
  return list;
}

function pinStyle(): Style {
  const fill = colour("--m-brand-fill", "#256ef4");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="36" height="46" viewBox="0 0 36 46"><path d="M18 45C30 31 35 24 35 17A17 17 0 0 0 1 17c0 7 5 14 17 28z" fill="${fill}" stroke="#fff" stroke-width="2"/><circle cx="18" cy="17" r="6" fill="#fff"/></svg>`;
  return new Style({
    image: new Icon({ src: `data:image/svg+xml,${encodeURIComponent(svg)}`, anchor: [0.5, 1] }),
    zIndex: 3,
  });
}

/** Draws the map in its box. */
export async function start(box: HTMLElement): Promise<void> {
  const picking = box.dataset.map === "pick";
  box.hidden = false;
  // What the server drew stands in for the map until there is one.
  const plain = box.parentElement?.querySelector<HTMLElement>(":scope > .map-plain");
  if (plain) plain.hidden = true;
  const said = document.createElement("p");
  said.className = "map-said";
  said.setAttribute("role", "status");
  const failed = (): void => {
    box.hidden = true;
    if (plain) plain.hidden = false;
    said.textContent = say(box, "Failed");
  };
  box.after(said);

  const line = colour("--m-line-darkest", "#58616a");
  const text = colour("--m-text-strong", "#1e2124");
  const halo = colour("--m-page", "#fff");
  // The page's own face would be fetched whole to measure a canvas; the reader's is there already.
  const font = '"Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif';
  const dongs = new VectorSource<Feature<Geometry>>();
  const dongLayer = new VectorLayer({
    source: dongs,
    declutter: true,
    style: (feature) =>
      new Style({
        stroke: new Stroke({ color: line, width: 1.2 }),
        fill: new Fill({ color: "rgba(120,150,200,0.10)" }),
        text: new Text({
          text: nameOf(feature as Feature<Geometry>),
          font: `14px ${font}`,
          overflow: true,
          fill: new Fill({ color: text }),
          stroke: new Stroke({ color: halo, width: 4 }),
        }),
      }),
  });
  const points = new VectorSource<Feature<Geometry>>();
  // Points near each other are one mark that says how many.
  const pointLayer = new VectorLayer({
    source: new Cluster({ distance: 36, minDistance: 18, source: points }),
    style: (mark) => {
      const many = held(mark).length;
      return new Style({
        image: new CircleStyle({
          radius: many > 1 ? Math.min(22, 11 + Math.log2(many) * 2) : 7,
          fill: new Fill({ color: colour("--m-brand-fill", "#256ef4") }),
          stroke: new Stroke({ color: halo, width: 2 }),
        }),
        ...(many > 1
          ? { text: new Text({ text: String(many), font: `bold 13px ${font}`, fill: new Fill({ color: halo }) }) }
          : {}),
      });
    },
  });
  const pin = new VectorSource<Feature<Point>>();
  const pinLayer = new VectorLayer({ source: pin, style: pinStyle() });

  const view = document.createElement("div");
  view.className = "map-view";
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.setAttribute("aria-label", say(box, "Label"));
  box.append(view);
  const basemap = box.dataset.basemap;
  const map = new OlMap({
    target: view,
    controls: [],
    keyboardEventTarget: view,
    interactions: interactions({ keyboard: false, altShiftDragRotate: false, pinchRotate: false }).extend([
      new KeyboardPan({ pixelDelta: 64 }),
      new KeyboardZoom(),
    ]),
    layers: [
      ...(basemap
        ? [new TileLayer({ source: new XYZ({ url: basemap, attributions: box.dataset.attribution ?? "" }) })]
        : []),
      dongLayer,
      pointLayer,
      pinLayer,
    ],
    view: new View({ center: fromLonLat([127.0, 37.0]), zoom: 12, maxZoom: 19, enableRotation: false }),
  });

  const tools = document.createElement("div");
  tools.className = "map-tools";
  const zoom = (by: number): void => {
    const now = map.getView().getZoom();
    if (now !== undefined) map.getView().animate({ zoom: now + by, duration: 150 });
  };
  const bigger = button("+", () => zoom(1));
  const smaller = button("−", () => zoom(-1));
  // The label of the map tells that + and - do the same.
  for (const tool of [bigger, smaller]) tool.setAttribute("aria-hidden", "true");
  for (const tool of [bigger, smaller]) tool.tabIndex = -1;
  tools.append(bigger, smaller);
  box.append(tools);

  try {
    const [shapes, marks] = await Promise.all([features(box.dataset.dongs), features(box.dataset.points)]);
    dongs.addFeatures(shapes);
    points.addFeatures(marks);
  } catch {
    failed();
    return;
  }
  const everything = dongs.getFeatures().length > 0 ? dongs.getExtent() : points.getExtent();
  if (everything && Number.isFinite(everything[0])) {
    map.getView().fit(everything, { padding: [24, 24, 24, 24], maxZoom: 16 });
  }

  const inside = (at: number[]): Feature<Geometry> | undefined => dongs.getFeaturesAtCoordinate(at)[0];

  if (!picking) {
    const list = document.createElement("div");
    list.className = "map-list";
    list.setAttribute("aria-live", "polite");
    said.after(list);
    if (box.dataset.atLat && box.dataset.atLong) {
      const at = fromLonLat([Number(box.dataset.atLong), Number(box.dataset.atLat)]);
      pin.addFeature(new Feature(new Point(at)));
      map.getView().setCenter(at);
      map.getView().setZoom(14.5);
    }
    map.on("pointermove", (event) => {
      const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (l) => l === pointLayer });
      const many = held(hit);
      view.title = many.length > 1 ? String(many.length) : nameOf(many[0]);
      view.style.cursor = many.length > 1 || addressOf(many[0]) ? "pointer" : "";
    });
    map.on("singleclick", (event) => {
      const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, {
        layerFilter: (l) => l === pointLayer,
        hitTolerance: 8,
      });
      const many = held(hit);
      if (many.length > 1) {
        const spread = new VectorSource({ features: many }).getExtent();
        const [left, low, right, high] = spread ?? [];
        // Cells of the public picture lie on one another: then the cases stand below the map.
        const apart = Number(right) - Number(left) + Number(high) - Number(low) > 20;
        list.replaceChildren(...(apart ? [] : [links(many)]));
        if (apart && spread) map.getView().fit(spread, { padding: [64, 64, 64, 64], maxZoom: 17, duration: 150 });
        return;
      }
      const address = addressOf(many[0]) || addressOf(inside(event.coordinate));
      if (address) window.location.assign(address);
    });
    return;
  }

  const lat = byId<HTMLInputElement>(box.dataset.lat);
  const long = byId<HTMLInputElement>(box.dataset.long);
  const dong = byId<HTMLSelectElement>(box.dataset.dong);
  const clear = button(say(box, "Clear"), () => put(undefined));
  const put = (at: number[] | undefined): void => {
    pin.clear();
    clear.hidden = !at;
    if (!at) {
      if (lat) lat.value = "";
      if (long) long.value = "";
      said.textContent = "";
      return;
    }
    const where = inside(at);
    if (!where && dongs.getFeatures().length > 0) {
      said.textContent = say(box, "Outside");
      clear.hidden = !lat?.value;
      return;
    }
    pin.addFeature(new Feature(new Point(at)));
    const [x, y] = toLonLat(at);
    if (lat) lat.value = degrees(y ?? 0);
    if (long) long.value = degrees(x ?? 0);
    const code = String(where?.get("code") ?? where?.get("dong_code") ?? "");
    if (dong && [...dong.options].some((option) => option.value === code)) dong.value = code;
    said.textContent = say(box, "Picked", { place: nameOf(where) });
  };
  map.on("singleclick", (event) => put(event.coordinate));
  view.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    put(map.getView().getCenter());
  });

  const bar = document.createElement("div");
  bar.className = "map-bar";
  const here = button(say(box, "Here"), () => {
    said.textContent = say(box, "Locating");
    navigator.geolocation.getCurrentPosition(
      (position) => {
        const at = fromLonLat([position.coords.longitude, position.coords.latitude]);
        map.getView().setCenter(at);
        map.getView().setZoom(16);
        put(at);
      },
      () => {
        said.textContent = say(box, "Denied");
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
  here.hidden = !("geolocation" in navigator);
  bar.append(here, button(say(box, "Centre"), () => put(map.getView().getCenter())), clear);
  box.after(bar);
  clear.hidden = true;
  if (lat?.value && long?.value) {
    const at = fromLonLat([Number(long.value), Number(lat.value)]);
    map.getView().setCenter(at);
    map.getView().setZoom(14.5);
    put(at);
  }
}
