using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>Encodes the broker's own messages as PUBLISH frames: a subject and JSON, without reply and headers.</summary>
internal static class BrokerFrames
{
    internal static byte[] Encode(string subject, ReadOnlySpan<byte> json) => Encode(Encoding.UTF8.GetBytes(subject), json);

    internal static byte[] Encode(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var frame = new byte[FrameWriter.PublishOverhead(subject.Length, -1, 0, json.Length) + json.Length];
        FrameWriter.WritePublish(frame, subject, default, default, json);
        return frame;
    }
}
