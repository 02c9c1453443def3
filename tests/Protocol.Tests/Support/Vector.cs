using System.Text.Json.Nodes;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// A golden vector: bytes and the frame that they are. In the JSON files a bin is <c>{"$bin": "hex"}</c>; <c>means</c> is what
/// this version understands of the frame where that is less than all of it.
/// </summary>
public sealed record Vector(string File, string Name, byte[] Bytes, JsonArray Frame, JsonArray Means)
{
    private static readonly string[] OtherEncodings = ["other-encodings", "growth"];

    /// <summary>All vectors of all files.</summary>
    public static IReadOnlyList<Vector> All { get; } = [.. Directory
        .EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>Where the files are.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Vectors");

    /// <summary>True when the bytes are the shortest encoding, which is the one that is written.</summary>
    public bool IsCanonical => !OtherEncodings.Contains(File);

    public override string ToString() => $"{File}: {Name}";

    private static IEnumerable<Vector> Read(string path) =>
        from entry in JsonNode.Parse(System.IO.File.ReadAllBytes(path))!.AsArray()
        let frame = entry["frame"]!.AsArray()
        select new Vector(
            Path.GetFileNameWithoutExtension(path),
            entry["name"]!.GetValue<string>(),
            Hex.Bytes(entry["hex"]!.GetValue<string>()),
            frame,
            entry["means"]?.AsArray() ?? frame);
}
