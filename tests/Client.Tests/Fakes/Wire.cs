using System.Buffers;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Frames as a broker writes them, for tests.</summary>
internal static class Wire
{
    public static readonly Guid SomeId = Guid.Parse("01920000-0000-7000-8000-000000000001");
    public static readonly Guid SomeSender = Guid.Parse("01920000-0000-7000-8000-00000000beef");

    public static byte[] Welcome(Guid? id = null, Limits? limits = null, uint version = WireVersion.Current) =>
        Encode(writer => FrameWriter.Write(writer, new WelcomeCommand(version, id ?? SomeId, new WelcomeInfo
        {
            Broker = "fake",
            BrokerVersion = "1.2.3",
            Limits = limits ?? Limits.Default,
            Uid = 4711,
            Gid = 4712,
            Groups = [4714, 4715],
            Pid = 4713,
        })));

    public static byte[] Pong(ulong token, Receipt? receipt = null) => Encode(writer => FrameWriter.Write(writer, new PongCommand(token, receipt)));

    public static byte[] Ping(ulong token) => Encode(writer => FrameWriter.Write(writer, new PingCommand(token)));

    public static byte[] Error(ErrorCode code, string message, params (string, string)[] context) =>
        Encode(writer => FrameWriter.Write(writer, new ErrorCommand(code, message, context.ToDictionary(pair => pair.Item1, pair => pair.Item2))));

    public static byte[] Goodbye(CloseReason reason, string message = "") => Encode(writer => FrameWriter.Write(writer, new GoodbyeCommand(reason, message)));

    public static byte[] Missed(uint sid, ulong count, ulong expired = 0) => Encode(writer => FrameWriter.Write(writer, new MissedCommand(sid, count, expired)));

    public static byte[] Drained(uint sid) => Encode(writer => FrameWriter.Write(writer, new UnsubscribeCommand(sid, null)));

    public static byte[] Publish(string subject, string payload, string? reply = null, Dictionary<string, string>? headers = null) =>
        Publish(subject, Encoding.UTF8.GetBytes(payload), reply, headers);

    public static byte[] Publish(string subject, byte[] payload, string? reply = null, Dictionary<string, string>? headers = null)
    {
        byte[] subjectBytes = Encoding.UTF8.GetBytes(subject), replyBytes = Encoding.UTF8.GetBytes(reply ?? ""), headerBytes = headers is null ? [] : HeaderCodec.Encode(headers);
        byte[] frame = new byte[payload.Length + subjectBytes.Length + replyBytes.Length + headerBytes.Length + 64];
        return frame[..FrameWriter.WritePublish(frame, subjectBytes, replyBytes, headerBytes, payload)];
    }

    /// <summary>A DELIVER and the messages it announces.</summary>
    public static byte[] Deliver(uint sid, params byte[][] messages) => Deliver([sid], SomeSender, messages);

    public static byte[] Deliver(uint[] sids, Guid sender, params byte[][] messages) => Deliver(sids, sender, DeliverFlags.None, messages);

    public static byte[] Deliver(uint[] sids, Guid sender, DeliverFlags flags, params byte[][] messages) =>
        [.. Encode(writer => FrameWriter.Write(writer, new DeliverCommand(sids, sender, (uint)messages.Length, flags))), .. messages.SelectMany(message => message)];

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Encode(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> writer = new();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }
}
