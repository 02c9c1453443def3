using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>What is known about the client of one connection: for its WELCOME, and for all who are told of it while it is connected.</summary>
internal interface IClientRecord
{
    /// <summary>The identity of the connection.</summary>
    Guid Id { get; }

    /// <summary>Its place in the order of HELLOs.</summary>
    long Place { get; }

    /// <summary>True once the connection has ended, perhaps before the router knows. Any thread may ask.</summary>
    bool HasLeft { get; }

    /// <summary>What WELCOME says.</summary>
    WelcomeInfo Welcome();

    /// <summary>The client has said HELLO.</summary>
    void Greeted(HelloOptions said);

    /// <summary>The PUBLISH frame that tells of the client as connected; made anew for each call, since most clients are never asked for.</summary>
    byte[] Connected();
}
