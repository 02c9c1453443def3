using System.Buffers;
using System.Text.Json;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The presence of clients as PUBLISH frames of the broker: <c>$SYS.client.&lt;id&gt;.connected</c> and <c>.disconnected</c>, JSON both.
/// Members that neither the client nor the kernel provides are left out, and so are the long ones when the whole would exceed the limits
/// that clients enforce. PROTOCOL.md, "What the broker says".
/// </summary>
internal static class PresenceMessages
{
    internal static byte[] Connected(ConnectionRecord client, int mostBytes) =>
        BrokerFrames.Encode(SystemSubjects.Connected(client.Id), Write(client, null, client.Since, mostBytes));

    internal static byte[] Disconnected(ConnectionRecord client, Ending ending, DateTimeOffset now, int mostBytes) =>
        BrokerFrames.Encode(SystemSubjects.Disconnected(client.Id), Write(client, ending, now.UtcDateTime, mostBytes));

    // A long name must not hide a client from those who watch.
    private static ReadOnlySpan<byte> Write(ConnectionRecord client, Ending? ending, DateTime now, int mostBytes)
    {
        var whole = Write(client, ending, now, isShort: false);
        return whole.Length <= mostBytes ? whole : Write(client, ending, now, isShort: true);
    }

    private static ReadOnlySpan<byte> Write(ConnectionRecord client, Ending? ending, DateTime now, bool isShort)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("id"u8, client.Id);
        if (!isShort) WriteHello(json, client.Hello);
        if (client.Peer.Pid is { } pid) json.WriteNumber("pid"u8, pid);
        if (client.Peer.Uid is { } uid) json.WriteNumber("uid"u8, uid);
        if (client.Peer.Gid is { } gid) json.WriteNumber("gid"u8, gid);
        if (!isShort) WriteProcess(json, client.Peer);
        json.WriteString("listener"u8, client.Listener);
        json.WriteString("time"u8, now);
        if (ending is not null)
        {
            json.WriteString("reason"u8, ending.Reason.ToText());
            json.WriteNumber("code"u8, (byte)ending.Reason);
            if (!isShort) json.WriteString("message"u8, ending.Message);
        }

        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan;
    }

    private static void WriteHello(Utf8JsonWriter json, HelloOptions hello)
    {
        WriteText(json, "name", hello.Name);
        WriteText(json, "lang", hello.Lang);
        WriteText(json, "version", hello.LibraryVersion);
    }

    private static void WriteProcess(Utf8JsonWriter json, PeerCredentials peer)
    {
        WriteGroups(json, peer.Groups);
        WriteText(json, "executable", peer.Executable);
        if (peer.Unit is { Length: > 0 } unit) json.WriteString("unit"u8, unit);
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
