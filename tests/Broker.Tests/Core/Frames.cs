using System.Buffers;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>Frames as a client sends them, for tests of the core: text in, bytes out.</summary>
internal static class Frames
{
    internal static byte[] Publish(string subject, string payload) => Publish(subject, Encoding.UTF8.GetBytes(payload));

    internal static byte[] Publish(string subject, byte[] payload, string reply = "") => Publish(subject, payload, reply, []);

    /// <summary>A message whose headers are given as pairs of name and value.</summary>
    internal static byte[] Publish(string subject, string payload, params (string Name, string Value)[] headers) =>
        Publish(subject, Encoding.UTF8.GetBytes(payload), "", headers);

    internal static byte[] Publish(string subject, byte[] payload, string reply, (string Name, string Value)[] headers)
    {
        var (subjectBytes, replyBytes) = (Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(reply));
        byte[] encoded = headers.Length == 0 ? [] : HeaderCodec.Encode([.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))]);
        var frame = new byte[FrameWriter.PublishOverhead(subjectBytes.Length, replyBytes.Length == 0 ? -1 : replyBytes.Length, encoded.Length, payload.Length) + payload.Length];
        Assert.Equal(frame.Length, FrameWriter.WritePublish(frame, subjectBytes, replyBytes, encoded, payload));
        return frame;
    }

    internal static byte[] Retained(string subject, string payload) => Publish(subject, payload, (KnownHeaders.Retain, "1"));

    internal static byte[] Hello(uint version = WireVersion.Current) =>
        Encode(output => FrameWriter.Write(output, new HelloCommand(version, new HelloOptions { Name = "test" })));

    internal static byte[] Hello(LastWill will) =>
        Encode(output => FrameWriter.Write(output, new HelloCommand(WireVersion.Current, new HelloOptions { Name = "test", Will = will })));

    internal static byte[] Subscribe(uint sid, string pattern, SubscribeOptions? options = null) =>
        Encode(output => FrameWriter.Write(output, new SubscribeCommand(sid, Encoding.UTF8.GetBytes(pattern), options ?? SubscribeOptions.None)));

    internal static byte[] Unsubscribe(uint sid, ulong? max = null) => Encode(output => FrameWriter.Write(output, new UnsubscribeCommand(sid, max)));

    internal static byte[] Drain(uint sid) => Encode(output => FrameWriter.Write(output, new UnsubscribeCommand(sid, null, Drain: true)));

    internal static byte[] Ping(ulong token) => Encode(output => FrameWriter.Write(output, new PingCommand(token)));

    internal static byte[] Pong(ulong token) => Encode(output => FrameWriter.Write(output, new PongCommand(token, null)));

    internal static byte[] Credit(uint sid, ulong count) => Encode(output => FrameWriter.Write(output, new CreditCommand(sid, count)));

    internal static byte[] Goodbye(string message) => Encode(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, message)));

    internal static byte[] Encode(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    internal static byte[] Join(params IEnumerable<byte[]> frames) => [.. frames.SelectMany(f => f)];
}
