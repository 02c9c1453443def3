using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>What is known about the client of one connection: for its WELCOME, and for presence messages while it is connected.</summary>
internal interface IClientRecord
{
    /// <summary>The identity of the connection.</summary>
    Guid Id { get; }

    /// <summary>Its place in the order of HELLOs.</summary>
    long Place { get; }

    /// <summary>True once the connection has ended, perhaps before the router knows. Thread-safe.</summary>
    bool HasLeft { get; }

    /// <summary>What WELCOME says.</summary>
    WelcomeInfo Welcome();

    /// <summary>The client has said HELLO.</summary>
    void Greeted(HelloOptions said);

    /// <summary>
    /// The PUBLISH frame that announces the client as connected; created on each call, since it is never needed for most clients.
    /// </summary>
    byte[] Connected();
}
