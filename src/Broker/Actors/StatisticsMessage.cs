using System.Buffers;
using System.Text.Json;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The counts of the broker as JSON, for <c>$SYS.stats</c> and for requests: everything is counted since the start, so that two samples
/// give a rate. PROTOCOL.md, "What the broker says".
/// </summary>
internal static class StatisticsMessage
{
    internal static byte[] Write(BrokerContext context)
    {
        var traffic = context.Traffic;
        var output = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("version"u8, context.Version);
        json.WriteNumber("pid"u8, Environment.ProcessId);
        json.WriteString("time"u8, context.Time.GetUtcNow().UtcDateTime);
        json.WriteNumber("uptimeSeconds"u8, Math.Round(context.Uptime.TotalSeconds, 3));
        json.WriteStartObject("connections"u8);
        json.WriteNumber("open"u8, traffic.ConnectionsOpen);
        json.WriteNumber("accepted"u8, traffic.ConnectionsAccepted);
        json.WriteStartObject("ended"u8);
        foreach (var reason in CloseReasons.All)
        {
            if (traffic.ConnectionsEndedFor(reason) is > 0 and var count) json.WriteNumber(reason.ToText(), count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("subscriptions"u8, context.Table.Current.ClientCount);
        json.WriteStartObject("messages"u8);
        json.WriteNumber("published"u8, traffic.Published);
        json.WriteNumber("matched"u8, traffic.Matched);
        json.WriteStartObject("dropped"u8);
        foreach (var reason in DropReasons.All) json.WriteNumber(reason.ToText(), traffic.DroppedFor(reason));
        json.WriteEndObject();
        json.WriteEndObject();
        var (retained, retainedBytes, _) = context.Kept.Retained.Kept;
        WriteKept(json, "retained", retained, retainedBytes, context.Kept.Retained.RefusedFor);
        var (delayed, delayedBytes) = context.Kept.Delayed.Waiting;
        WriteKept(json, "delayed", delayed, delayedBytes, context.Kept.Delayed.RefusedFor);
        json.WriteStartObject("memory"u8);
        json.WriteNumber("held"u8, context.Load.Memory.Bytes);
        json.WriteNumber("budget"u8, context.Load.Memory.Bound);
        json.WriteEndObject();
        json.WriteStartObject("limits"u8);
        foreach (var limit in LimitKeys.All)
        {
            if (traffic.HitsOf(limit) is > 0 and var hits) json.WriteNumber(limit.ToKey(), hits);
        }

        json.WriteEndObject();
        json.WriteStartObject("datagrams"u8);
        json.WriteNumber("refused"u8, traffic.DatagramsRefused);
        json.WriteEndObject();
        json.WriteStartObject("bytes"u8);
        json.WriteNumber("received"u8, traffic.BytesReceived);
        json.WriteNumber("sent"u8, traffic.BytesSent);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteKept(Utf8JsonWriter json, string name, int messages, long bytes, Func<KeptRoom, long> refusedFor)
    {
        json.WriteStartObject(name);
        json.WriteNumber("messages"u8, messages);
        json.WriteNumber("bytes"u8, bytes);
        json.WriteStartObject("refused"u8);
        json.WriteNumber("user"u8, refusedFor(KeptRoom.UserFull));
        json.WriteNumber("broker"u8, refusedFor(KeptRoom.BrokerFull));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
