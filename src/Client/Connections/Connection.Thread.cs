using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The reading thread: waits for the socket, receives, and resumes the callers that wait for what has come. It is a dedicated thread because
// the runtime's asynchronous sockets need two thread switches to get here, wake up for every packet whether or not somebody waits, and
// stall when the thread pool is blocked. It waits in poll(2), so an idle program pays only for its stack.
internal sealed partial class Connection
{
    internal const string ThreadName = "UdsBroker client";
    private readonly Continuations _continuations;
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayServe = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _feed;
    private readonly Action _receive;
    private bool _isOver;

    private void StartReading() => new Thread(ReadFromStart) { IsBackground = true, Name = ThreadName }.UnsafeStart();

    private void ReadFromStart()
    {
        while (!_session.IsServing && TryReceive())
        {
        }

        _greeted.SetResult();
        _mayServe.Wait();
        StuckWatch.Shared.Add(_continuations);
        _continuations.Enter();
        _isOver = !Try(_feed);
        Read();
    }

    /// <summary>Reads until the connection ends, or until code that runs here was stuck and another thread has taken over.</summary>
    private void Read()
    {
        _continuations.Enter();
        while (_continuations.Run())
        {
            if (_isOver)
            {
                FinishReading();
                return;
            }

            _isOver = !TryReceive();
        }
    }

    private void FinishReading()
    {
        Continuations.Leave();
        StuckWatch.Shared.Remove(_continuations);
        _buffer.Release();
        _ended.SetResult();
    }

    private bool TryReceive() => Try(_receive);

    /// <summary>Runs one step of reading; any exception in it ends the connection. False when the connection has ended.</summary>
    private bool Try(Action step)
    {
        try
        {
            if (_end is null) step();
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            End(CloseReason.PeerGone, "the broker is gone: it closed the connection without a GOODBYE", error);
        }
        catch (SocketException error)
        {
            End(CloseReason.TransportError, error.Message, error);
        }
        catch (ObjectDisposedException)
        {
            End(CloseReason.ClientClosed, "closed by this client");
        }
#pragma warning disable CA1031 // Nobody is above this thread.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            End(CloseReason.Fault, $"a fault in the client library: {fault.Message}", fault);
        }

        return _end is null;
    }
}
