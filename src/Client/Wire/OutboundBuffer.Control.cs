using System.Buffers;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The frames that are no messages. They are never held back by the bounds (their number is bounded by what the program does) and never survive
// a connection: what they say is only true on the one they were written for.
internal sealed partial class OutboundBuffer
{
    /// <summary>Writes a PING; its promise is fulfilled by the PONG or fails with the connection. Null while no connection is there.</summary>
    /// <param name="use">Its purpose.</param>
    /// <param name="inDoubt">
    /// For a flush: how many publishes of earlier connections no flush has reported as in doubt. It cannot confirm these; when there are any, nothing is
    /// written, null is returned, and they count as reported.
    /// </param>
    public Fence? AddFence(FenceUse use, out long inDoubt)
    {
        Fence fence;
        SocketSender? kick;
        inDoubt = 0;
        lock (_gate)
        {
            if (use == FenceUse.Flush) (inDoubt, _unreported) = (_unreported, 0);
            if (inDoubt > 0 || _sender is null) return null;
            fence = AppendFence(use);
            kick = TakeTurn();
        }

        kick?.Kick(isAwaited: true);
        return fence;
    }

    /// <summary>The caller of a flush was told that these publishes are in doubt: the next one need not.</summary>
    public void MarkReported(long inDoubt)
    {
        lock (_gate) _unreported -= Math.Min(_unreported, inDoubt);
    }

    /// <summary>Encoded control frames and a PING behind them, as one piece. Null, and nothing is written, while no connection is there.</summary>
    public Fence? AddWithFence(ReadOnlySpan<byte> frames)
    {
        Fence fence;
        SocketSender? kick;
        lock (_gate)
        {
            if (_sender is null) return null;
            Append(frames);
            fence = AppendFence(FenceUse.Other);
            kick = TakeTurn();
        }

        kick?.Kick(isAwaited: true);
        return fence;
    }

    /// <summary>Encoded control frames; nothing happens while no connection is there.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="isLast">Whether nothing will follow, so that nothing is gained by collecting more before sending.</param>
    public void AddControl(ReadOnlySpan<byte> frames, bool isLast = false)
    {
        SocketSender? kick;
        lock (_gate)
        {
            if (_sender is null) return;
            Append(frames);
            kick = TakeTurn();
        }

        kick?.Kick(isAwaited: isLast);
    }

    /// <summary>A PONG came. False when it is not that of the oldest fence.</summary>
    public bool PassFence(ulong token, Receipt? receipt)
    {
        Fence? fence;
        Receipt total;
        lock (_gate) fence = _fences.Pass(token, receipt, out total);
        return fence is not null && (fence.TrySetResult(total) || fence.Task.IsCompleted);
    }

    /// <summary>Encodes one command for the methods above.</summary>
    public static byte[] Encode(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> writer = new(128);
        write(writer);
        return writer.WrittenSpan.ToArray();
    }

    private void Append(ReadOnlySpan<byte> frames)
    {
        frames.CopyTo(Reserve(frames.Length));
        _length += frames.Length;
    }

    private Fence AppendFence(FenceUse use)
    {
        Fence fence = _fences.Add(use, _publishes);
        _length += FrameWriter.WritePing(Reserve(FrameWriter.MaxPingBytes), fence.Token);
        return fence;
    }
}
