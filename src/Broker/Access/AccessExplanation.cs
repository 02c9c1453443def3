using System.Buffers;
using System.Text.Json;

namespace UdsBroker.Broker.Access;

/// <summary>
/// The answer to an <see cref="AccessQuestion"/>: for each verb the decision of the rules in force and the rule that makes it, by the same
/// functions that decide for connections. JSON; PROTOCOL.md, "Asking the broker".
/// </summary>
internal static class AccessExplanation
{
    internal static byte[] Write(AccessPolicy policy, AccessQuestion question)
    {
        var rules = policy.For(question.Peer);
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("peer"u8, question.Peer.ToString());
        json.WriteStartArray("gids"u8);
        foreach (var gid in question.Peer.Gids) json.WriteNumberValue(gid);
        json.WriteEndArray();
        json.WriteStartArray("decisions"u8);
        Write(json, "connect", rules.Connect);
        if (question.Pattern is { } pattern)
        {
            if (pattern.IsLiteral) Write(json, "publish", rules.Publish(pattern.Utf8.Span));
            Write(json, "subscribe", rules.Subscribe(pattern.Utf8));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string verb, in AccessDecision decision)
    {
        json.WriteStartObject();
        json.WriteString("verb"u8, verb);
        json.WriteBoolean("allowed"u8, decision.IsAllowed);
        json.WriteString("because"u8, decision.Because);
        if (decision.Rule is { } rule)
        {
            json.WriteNumber("rule"u8, rule.Number);
            json.WriteString("text"u8, rule.Text);
        }

        if (decision.Witness is { } part) json.WriteString("part"u8, part);
        json.WriteEndObject();
    }
}
