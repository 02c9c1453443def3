using UdsBroker.Broker.Access;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>An accepted and admitted connection: what its actor is created from.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Connection">The socket, with the credentials of its peer.</param>
/// <param name="Listener">The settings of the listener through which it came.</param>
/// <param name="Access">What its peer may do.</param>
/// <param name="Share">What it takes of its user's share.</param>
internal sealed record AdmittedConnection(Guid Id, UnixConnection Connection, ListenerSettings Listener, PeerAccess Access, ConnectionShare Share);
