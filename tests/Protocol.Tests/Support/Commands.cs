using System.Buffers;

namespace UdsBroker.Protocol.Tests;

/// <summary>One reader and one writer for all kinds of control frames.</summary>
public static class Commands
{
    /// <summary>The command of a frame that must be readable.</summary>
    public static object Read(ReadOnlySpan<byte> frame, FrameKind kind) =>
        TryRead(frame, kind, out object? command, out CommandFault fault) ? command! : throw new InvalidOperationException(fault.ToString());

    public static bool TryRead(ReadOnlySpan<byte> frame, FrameKind kind, out object? command, out CommandFault fault)
    {
        bool isRead;
        (isRead, command, fault) = kind switch
        {
            FrameKind.Hello => (CommandReader.TryReadHello(frame, out HelloCommand? c, out CommandFault f), (object?)c, f),
            FrameKind.Welcome => (CommandReader.TryReadWelcome(frame, out WelcomeCommand? c, out CommandFault f), c, f),
            FrameKind.Subscribe => (CommandReader.TryReadSubscribe(frame, out SubscribeCommand? c, out CommandFault f), c, f),
            FrameKind.Unsubscribe => (CommandReader.TryReadUnsubscribe(frame, out UnsubscribeCommand? c, out CommandFault f), c, f),
            FrameKind.Ping => (CommandReader.TryReadPing(frame, out PingCommand? c, out CommandFault f), c, f),
            FrameKind.Pong => (CommandReader.TryReadPong(frame, out PongCommand? c, out CommandFault f), c, f),
            FrameKind.Deliver => (CommandReader.TryReadDeliver(frame, out DeliverCommand? c, out CommandFault f), c, f),
            FrameKind.Error => (CommandReader.TryReadError(frame, out ErrorCommand? c, out CommandFault f), c, f),
            FrameKind.Goodbye => (CommandReader.TryReadGoodbye(frame, out GoodbyeCommand? c, out CommandFault f), c, f),
            FrameKind.Missed => (CommandReader.TryReadMissed(frame, out MissedCommand? c, out CommandFault f), c, f),
            FrameKind.Credit => (CommandReader.TryReadCredit(frame, out CreditCommand? c, out CommandFault f), c, f),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return isRead;
    }

    public static byte[] Write(object command)
    {
        ArrayBufferWriter<byte> output = new();
        switch (command)
        {
            case HelloCommand c: FrameWriter.Write(output, c); break;
            case WelcomeCommand c: FrameWriter.Write(output, c); break;
            case SubscribeCommand c: FrameWriter.Write(output, c); break;
            case UnsubscribeCommand c: FrameWriter.Write(output, c); break;
            case PingCommand c: FrameWriter.Write(output, c); break;
            case PongCommand c: FrameWriter.Write(output, c); break;
            case DeliverCommand c: FrameWriter.Write(output, c); break;
            case ErrorCommand c: FrameWriter.Write(output, c); break;
            case GoodbyeCommand c: FrameWriter.Write(output, c); break;
            case MissedCommand c: FrameWriter.Write(output, c); break;
            case CreditCommand c: FrameWriter.Write(output, c); break;
            default: throw new ArgumentOutOfRangeException(nameof(command), command, null);
        }

        return output.WrittenSpan.ToArray();
    }
}
