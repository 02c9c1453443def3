using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>What a failed socket operation means for a connection.</summary>
public enum SocketOutcome
{
    /// <summary>The peer has closed or died. The normal end of many connections.</summary>
    PeerGone,

    /// <summary>We have closed the socket ourselves while the operation was under way.</summary>
    Closed,

    /// <summary>Anything else: something is wrong on our side or in the kernel, and worth a log line.</summary>
    Fault,
}

/// <summary>The only place that interprets the errors of sockets.</summary>
public static class SocketOutcomes
{
    /// <summary>What a socket error other than success and would-block means.</summary>
    public static SocketOutcome Of(SocketError error) => error switch
    {
        // EPIPE, ECONNRESET, ECONNREFUSED (a datagram receiver that is gone), ENOTCONN, ECONNABORTED
        SocketError.Shutdown or SocketError.ConnectionReset or SocketError.ConnectionRefused
            or SocketError.NotConnected or SocketError.ConnectionAborted => SocketOutcome.PeerGone,
        SocketError.OperationAborted or SocketError.Interrupted or SocketError.NotSocket => SocketOutcome.Closed,
        _ => SocketOutcome.Fault,
    };

    /// <summary>What an exception out of a socket operation means.</summary>
    public static SocketOutcome Of(Exception exception) => exception switch
    {
        SocketException e => Of(e.SocketErrorCode),
        ObjectDisposedException or OperationCanceledException => SocketOutcome.Closed,
        _ => SocketOutcome.Fault,
    };
}
