using System.Text.Json.Nodes;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// What the scanner and the reader make of a frame, in the notation of the vectors, so that content is compared and not counts.
/// </summary>
public static class FrameText
{
    /// <summary>The frame at the start of the bytes, as one line of JSON; it must be whole.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, out int length)
    {
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(bytes, Limits.Default, out FrameHead head));
        length = head.Length;
        return Line(Decode(bytes[..head.Length], head));
    }

    public static string Line(JsonNode frame) => frame.ToJsonString();

    public static JsonArray Decode(ReadOnlySpan<byte> frame, in FrameHead head) => head.Kind switch
    {
        FrameKind.Publish =>
        [
            5,
            Text(frame.Slice(head.SubjectStart, head.SubjectLength)),
            head.ReplyLength < 0 ? null : Text(frame.Slice(head.ReplyStart, head.ReplyLength)),
            head.HeadersLength == 0 ? null : Map(HeaderCodec.Decode(frame.Slice(head.HeadersStart, head.HeadersLength))),
            Bin(frame.Slice(head.PayloadStart, head.PayloadLength)),
        ],
        _ => Decode(Commands.Read(frame, head.Kind)),
    };

    private static JsonArray Decode(object command) => command switch
    {
        HelloCommand c => [1, c.Version, Map(("name", c.Options.Name), ("lang", c.Options.Lang), ("version", c.Options.LibraryVersion), ("will", Will(c.Options.Will)))],
        WelcomeCommand c =>
        [
            2, c.Version, Bin(c.Id.ToByteArray(bigEndian: true)),
            Map(("broker", c.Info.Broker), ("version", c.Info.BrokerVersion), ("limits", LimitsMap(c.Info.Limits)), ("uid", c.Info.Uid), ("gid", c.Info.Gid), ("groups", Groups(c.Info.Groups)), ("pid", c.Info.Pid)),
        ],
        SubscribeCommand c =>
        [
            3, c.Sid, Text(c.Pattern.Span),
            c.Options == SubscribeOptions.None ? null
                : Map(("queue", c.Options.Queue), ("credit", c.Options.Credit), ("overflow", c.Options.Overflow?.ToText()), ("pending", c.Options.PendingBytes),
                    ("retained", c.Options.Retained)),
        ],
        UnsubscribeCommand { Drain: true } c => [4, c.Sid, c.Max, Map(("drain", true))],
        UnsubscribeCommand c => [4, c.Sid, c.Max],
        PingCommand c => [6, c.Token],
        PongCommand c => [7, c.Token, c.Receipt is { } r ? WithUnlessZero([r.Published, r.Matched, r.Dropped], r.Expired) : null],
        DeliverCommand c => WithUnlessZero([8, new JsonArray([.. c.Sids.Select(sid => (JsonNode)sid)]), Bin(c.Sender.ToByteArray(bigEndian: true)), c.Count], (uint)c.Flags),
        ErrorCommand c => [9, (ushort)c.Code, c.Message, c.Context is null ? null : Map(c.Context)],
        GoodbyeCommand c => [10, (byte)c.Reason, c.Message],
        MissedCommand c => WithUnlessZero([11, c.Sid, c.Count], c.Expired),
        CreditCommand c => [12, c.Sid, c.Count],
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    // Elements that a later version appended are written when they say something.
    private static JsonArray WithUnlessZero(JsonArray frame, ulong appended)
    {
        if (appended > 0)
            frame.Add(appended);
        return frame;
    }

    private static JsonObject? Will(LastWill? will) => will is null ? null : Map(
        ("subject", will.Subject), ("payload", Bin(will.Payload.Span)), ("headers", will.Headers is null ? null : Map(will.Headers)), ("reply", will.Reply));

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private static JsonObject Bin(ReadOnlySpan<byte> bytes) => new() { ["$bin"] = Convert.ToHexStringLower(bytes) };

    private static JsonObject Map(IReadOnlyDictionary<string, string> entries) => Map([.. entries.Select(entry => (entry.Key, (JsonNode?)entry.Value))]);

    private static JsonObject Map(params (string Name, JsonNode? Value)[] entries)
    {
        JsonObject map = [];
        foreach ((string name, JsonNode? value) in entries)
        {
            if (value is not null)
                map[name] = value;
        }

        return map;
    }

    private static JsonArray? Groups(IReadOnlyList<uint> groups) => groups.Count == 0 ? null : [.. groups.Select(group => (JsonNode)group)];

    private static JsonObject LimitsMap(Limits limits) => Map(
        ("max-payload-bytes", limits.MaxPayloadBytes), ("max-subject-bytes", limits.MaxSubjectBytes), ("max-tokens", limits.MaxTokens),
        ("max-headers", limits.MaxHeaders), ("max-header-bytes", limits.MaxHeaderBytes), ("max-subscriptions", limits.MaxSubscriptions),
        ("max-hello-bytes", limits.MaxHelloBytes), ("max-control-frame-bytes", limits.MaxControlFrameBytes),
        ("max-elements", limits.MaxElements), ("max-depth", limits.MaxDepth),
        ("max-packet-bytes", limits.MaxPacketBytes == 0 ? null : limits.MaxPacketBytes));
}
