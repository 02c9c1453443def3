using System.Buffers;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>How a message looks in the output.</summary>
internal interface IMessageFormat
{
    /// <summary>Appends the message.</summary>
    void Write(IBufferWriter<byte> output, in MessageView message);
}
