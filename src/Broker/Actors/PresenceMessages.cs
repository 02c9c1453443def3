using System.Buffers;
using System.Text.Json;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The presence of clients as PUBLISH frames of the broker: <c>$SYS.client.&lt;id&gt;.connected</c> and <c>.disconnected</c>, JSON both.
/// Members that neither the client nor the kernel provides are left out. PROTOCOL.md, "What the broker says".
/// </summary>
internal static class PresenceMessages
{
    internal static byte[] Connected(ConnectionRecord client) => BrokerFrames.Encode(SystemSubjects.Connected(client.Id), Write(client, null, client.Since));

    internal static byte[] Disconnected(ConnectionRecord client, Ending ending, DateTimeOffset now) =>
        BrokerFrames.Encode(SystemSubjects.Disconnected(client.Id), Write(client, ending, now.UtcDateTime));

    private static ReadOnlySpan<byte> Write(ConnectionRecord client, Ending? ending, DateTime now)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, client.Id);
        WriteText(json, "name", client.Said.Name);
        WriteText(json, "lang", client.Said.Lang);
        WriteText(json, "version", client.Said.LibraryVersion);
        if (client.Peer.Pid is { } pid) json.WriteNumber("pid"u8, pid);
        if (client.Peer.Uid is { } uid) json.WriteNumber("uid"u8, uid);
        if (client.Peer.Gid is { } gid) json.WriteNumber("gid"u8, gid);
        WriteGroups(json, client.Peer.Groups);
        WriteText(json, "executable", client.Peer.Executable);
        if (client.Peer.Unit is { Length: > 0 } unit) json.WriteString("unit"u8, unit);
        json.WriteString("listener"u8, client.Listener);
        json.WriteString("time"u8, now);
        if (ending is not null)
        {
            json.WriteString("reason"u8, ending.Reason.ToText());
            json.WriteNumber("code"u8, (byte)ending.Reason);
            json.WriteString("message"u8, ending.Message);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }

    private static void WriteGroups(Utf8JsonWriter json, IReadOnlyList<uint> groups)
    {
        if (groups.Count == 0) return;
        json.WriteStartArray("groups"u8);
        foreach (var group in groups) json.WriteNumberValue(group);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
