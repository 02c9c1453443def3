using System.Buffers;
using UdsBroker.Client;

namespace UdsBroker.Cli.Output;

/// <summary>The payload byte for byte, with nothing around it or with a line feed after it.</summary>
internal sealed class RawFormat(bool lines) : IMessageFormat
{
    public void Write(IBufferWriter<byte> output, in MessageView message)
    {
        output.Write(message.Payload);
        if (lines) output.Write("\n"u8);
    }
}
