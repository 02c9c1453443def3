using System.Buffers;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>Writes control frames from their command records to a buffer writer. An option that is null is not written.</summary>
public static partial class FrameWriter
{
    // [1, version, options:map]; options: name:str, lang:str, version:str, will:map
    // will: subject:str, payload:bin, headers:map(str -> str), reply:str

    /// <summary>Writes a HELLO.</summary>
    public static void Write(IBufferWriter<byte> output, HelloCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Hello, 3);
        writer.Write(command.Version);
        HelloOptions options = command.Options;
        writer.WriteMapHeader(Present(options.Name) + Present(options.Lang) + Present(options.LibraryVersion) + Present(options.Will));
        WriteOption(ref writer, "name"u8, options.Name);
        WriteOption(ref writer, "lang"u8, options.Lang);
        WriteOption(ref writer, "version"u8, options.LibraryVersion);
        if (options.Will is { } will)
            WriteWill(ref writer, will);
        writer.Flush();
    }

    // [2, version, id:bin16, info:map]; info: broker:str, version:str, limits:map, uid, gid, groups:[gid, ...], pid

    /// <summary>Writes a WELCOME.</summary>
    public static void Write(IBufferWriter<byte> output, WelcomeCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Welcome, 4);
        writer.Write(command.Version);
        writer.Write(command.Id.ToByteArray(bigEndian: true));
        WelcomeInfo info = command.Info;
        writer.WriteMapHeader(3 + Present(info.Uid) + Present(info.Gid) + (info.Groups.Count > 0 ? 1 : 0) + Present(info.Pid));
        WriteOption(ref writer, "broker"u8, info.Broker);
        WriteOption(ref writer, "version"u8, info.BrokerVersion);
        writer.WriteString("limits"u8);
        LimitName[] limits = [.. LimitName.All.Where(limit => limit.Read(info.Limits) != 0)]; // 0: does not apply to this connection
        writer.WriteMapHeader(limits.Length);
        foreach (LimitName limit in limits)
        {
            writer.Write(limit.Name);
            writer.Write(limit.Read(info.Limits));
        }

        WriteOption(ref writer, "uid"u8, info.Uid);
        WriteOption(ref writer, "gid"u8, info.Gid);
        WriteGroups(ref writer, info.Groups);
        WriteOption(ref writer, "pid"u8, (ulong?)info.Pid);
        writer.Flush();
    }

    // [3, sid, pattern:str, options:map / nil]; options: queue:str, credit, overflow:str, pending, retained:bool

    /// <summary>Writes a SUBSCRIBE; without any options nil stands in their place.</summary>
    public static void Write(IBufferWriter<byte> output, SubscribeCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Subscribe, 4);
        writer.Write(command.Sid);
        writer.WriteString(command.Pattern.Span);
        SubscribeOptions options = command.Options;
        int count = Present(options.Queue) + Present(options.Credit) + Present(options.Overflow) + Present(options.PendingBytes)
            + Present(options.Retained);
        if (count == 0)
            writer.WriteNil();
        else
            writer.WriteMapHeader(count);
        WriteOption(ref writer, "queue"u8, options.Queue);
        WriteOption(ref writer, "credit"u8, options.Credit);
        WriteOption(ref writer, "overflow"u8, options.Overflow?.ToText());
        WriteOption(ref writer, "pending"u8, options.PendingBytes);
        WriteOption(ref writer, "retained"u8, options.Retained);
        writer.Flush();
    }

    // [4, sid, max / nil, options:map / nil]; the options may be left out; options: drain:bool

    /// <summary>Writes an UNSUBSCRIBE; without any options their element is left out.</summary>
    public static void Write(IBufferWriter<byte> output, UnsubscribeCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Unsubscribe, command.Drain ? 4 : 3);
        writer.Write(command.Sid);
        if (command.Max is { } max)
            writer.Write(max);
        else
            writer.WriteNil();
        if (command.Drain)
        {
            writer.WriteMapHeader(1);
            writer.WriteString("drain"u8);
            writer.Write(true);
        }

        writer.Flush();
    }

    /// <summary>Writes a PING.</summary>
    public static void Write(IBufferWriter<byte> output, PingCommand command) =>
        output.Advance(WritePing(output.GetSpan(MaxPingBytes), command.Token));

    /// <summary>Writes a PONG.</summary>
    public static void Write(IBufferWriter<byte> output, PongCommand command) =>
        output.Advance(WritePong(output.GetSpan(MaxPongBytes), command.Token, command.Receipt));

    /// <summary>Writes a DELIVER.</summary>
    public static void Write(IBufferWriter<byte> output, DeliverCommand command)
    {
        Span<byte> sender = stackalloc byte[16];
        command.Sender.TryWriteBytes(sender, bigEndian: true, out _);
        output.Advance(WriteDeliver(output.GetSpan(MaxDeliverHeader(command.Sids.Count)), [.. command.Sids], sender, command.Count, command.Flags));
    }

    // [9, code, message:str, context:map(str -> str) / nil]

    /// <summary>Writes an ERROR.</summary>
    public static void Write(IBufferWriter<byte> output, ErrorCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Error, 4);
        writer.Write((ushort)command.Code);
        writer.Write(command.Message);
        if (command.Context is { Count: > 0 } context)
            WriteTexts(ref writer, context);
        else
            writer.WriteNil();
        writer.Flush();
    }

    // [10, reason, message:str]

    /// <summary>Writes a GOODBYE.</summary>
    public static void Write(IBufferWriter<byte> output, GoodbyeCommand command)
    {
        MessagePackWriter writer = Start(output, FrameKind.Goodbye, 3);
        writer.Write((byte)command.Reason);
        writer.Write(command.Message);
        writer.Flush();
    }

    /// <summary>Writes a MISSED.</summary>
    public static void Write(IBufferWriter<byte> output, MissedCommand command) =>
        output.Advance(WriteMissed(output.GetSpan(MaxMissedBytes), command.Sid, command.Count, command.Expired));

    /// <summary>Writes a CREDIT.</summary>
    public static void Write(IBufferWriter<byte> output, CreditCommand command) =>
        output.Advance(WriteCredit(output.GetSpan(MaxCreditBytes), command.Sid, command.Count));

    private static MessagePackWriter Start(IBufferWriter<byte> output, FrameKind kind, int elements)
    {
        MessagePackWriter writer = new(output);
        writer.WriteArrayHeader(elements);
        writer.Write((byte)kind);
        return writer;
    }

    private static void WriteWill(ref MessagePackWriter writer, LastWill will)
    {
        writer.WriteString("will"u8);
        writer.WriteMapHeader(2 + Present(will.Headers) + Present(will.Reply));
        WriteOption(ref writer, "subject"u8, will.Subject);
        writer.WriteString("payload"u8);
        writer.Write(will.Payload.Span);
        if (will.Headers is { } headers)
        {
            writer.WriteString("headers"u8);
            WriteTexts(ref writer, headers);
        }

        WriteOption(ref writer, "reply"u8, will.Reply);
    }

    private static void WriteGroups(ref MessagePackWriter writer, IReadOnlyList<uint> groups)
    {
        if (groups.Count == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups.Count, WelcomeInfo.MaxGroups, nameof(groups));
        writer.WriteString("groups"u8);
        writer.WriteArrayHeader(groups.Count);
        foreach (uint group in groups)
            writer.Write(group);
    }

    private static void WriteTexts(ref MessagePackWriter writer, IReadOnlyDictionary<string, string> texts)
    {
        writer.WriteMapHeader(texts.Count);
        foreach ((string name, string value) in texts)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static int Present<T>(T? option) => option is null ? 0 : 1;

    private static void WriteOption(ref MessagePackWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
            return;
        writer.WriteString(name);
        writer.Write(value);
    }

    private static void WriteOption(ref MessagePackWriter writer, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is not { } number)
            return;
        writer.WriteString(name);
        writer.Write(number);
    }

    private static void WriteOption(ref MessagePackWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is not { } isOn)
            return;
        writer.WriteString(name);
        writer.Write(isOn);
    }
}
