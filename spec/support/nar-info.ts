/** The first lines of a narinfo. */
export const narInfoHead = `StorePath: /nix/store/c0j2xd95yiaxwalbpvja947x0ivdbxkx-pkgdepends_0.2.0.tar.gz
URL: nar/0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5.nar.xz
Compression: xz
FileHash: sha256:0f0njprfkkp2kkdk0v8i79cg25ss501dcqdl20x60g1a0lk8hph5
FileSize: 294376
NarHash: sha256:0qf4kam1lkvbkmx0br65919pgrgs91ivjpvgpgj296ply1j0c2ks
NarSize: 294304`
