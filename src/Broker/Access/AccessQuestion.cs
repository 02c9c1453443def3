using System.Text.Json;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Access;

/// <summary>
/// What an operator asks about the rules, the arguments of <c>_BROKER.acl.explain</c>: <c>uid</c>, a number or "unknown"; <c>gids</c>, by
/// default those of the user database; <c>executable</c> and <c>unit</c>, by default none that a rule names; <c>subject</c>, a subject or
/// pattern.
/// </summary>
/// <param name="Peer">The peer that is asked about.</param>
/// <param name="Pattern">The subject or pattern; null when only connecting is asked about.</param>
internal sealed record AccessQuestion(AccessPeer Peer, SubjectPattern? Pattern)
{
    private const string Form = "the arguments of acl.explain are a JSON object: {\"uid\": 1000, \"subject\": \"a.b\"}, with gids, executable and unit as needed";

    /// <summary>Reads the arguments; on failure <paramref name="problem"/> says what is wrong with them.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="groupsOf">The groups of a user by the user database.</param>
    /// <param name="question">The question.</param>
    /// <param name="problem">A sentence for people.</param>
    internal static bool TryRead(ReadOnlySpan<byte> json, Func<uint, IReadOnlyList<uint>> groupsOf, out AccessQuestion? question, out string problem)
    {
        question = null;
        problem = Form;
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root) return false;
            uint? uid = root.GetProperty("uid"u8).ValueKind == JsonValueKind.Number ? root.GetProperty("uid"u8).GetUInt32() : null;
            if (uid is null && root.GetProperty("uid"u8).GetString() != "unknown") return false;
            if (!TryReadPattern(root, out var pattern, ref problem)) return false;
            var gids = root.TryGetProperty("gids"u8, out var given) ? [.. given.EnumerateArray().Select(gid => gid.GetUInt32())]
                : uid is { } known ? groupsOf(known) : [];
            var peer = new AccessPeer { Uid = uid, Gids = gids, HasUnknownGroups = uid is null, Executable = TextOf(root, "executable"), Unit = TextOf(root, "unit") };
            question = new AccessQuestion(peer, pattern);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false; // no JSON, or a value of another type
        }
    }

    private static bool TryReadPattern(JsonElement root, out SubjectPattern? pattern, ref string problem)
    {
        pattern = null;
        if (!root.TryGetProperty("subject"u8, out var text)) return true;
        var isPattern = SubjectPattern.TryParse(text.GetString() ?? "", out var parsed, out var fault, Limits.Ceiling); // as long as patterns of rules
        if (isPattern) pattern = parsed;
        else problem = fault.Describe(System.Text.Encoding.UTF8.GetBytes(text.GetString() ?? ""), Limits.Ceiling);
        return isPattern;
    }

    private static string TextOf(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
