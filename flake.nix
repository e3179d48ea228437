{
  description = "The protocol of the Nix daemon as a grammar: decoder, encoder, parser and tools";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      inherit (lib.importJSON ./package.json) version;
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.buildNpmPackage {
          pname = "nix-wire";
          inherit version;
          src = self;
          nodejs = pkgs.nodejs_24;
          npmDeps = pkgs.importNpmLock { npmRoot = self; };
          npmConfigHook = pkgs.importNpmLock.npmConfigHook;
          npmFlags = [ "--ignore-scripts" ];
          meta = {
            description = "Reads, writes and explains the bytes of the Nix daemon protocol";
            license = lib.licenses.mit;
            mainProgram = "nix-wire";
          };
        };
      });
    };
}
