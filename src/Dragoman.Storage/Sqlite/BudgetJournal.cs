using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Dragoman.Limits.Budgets;
using Microsoft.Win32.SafeHandles;

namespace Dragoman.Storage.Sqlite;

/// <summary>
/// Reservations and what became of them, in a file that is mapped into memory: writing one is a copy of some hundred bytes and no
/// call of the system, and a process that is killed leaves them behind. A slot is free, reserved or settled; its state is written
/// last, so that what stands in it is whole. Only its owner opens it.
/// </summary>
internal sealed unsafe class BudgetJournal : IDisposable
{
    public const int SlotBytes = 2048;

    private const int HeaderBytes = 4096;
    private const int IdBytes = 16;
    private const int EntriesAt = 32;
    private const int KeyAt = 34;

    /// <summary>Attempts under way and settled ones that are not stored yet: more than one process ever has.</summary>
    private const int Slots = 8192;

    private static readonly byte[] Mark = "DRGMBDG1"u8.ToArray();

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _start;

    private BudgetJournal(FileStream file)
    {
        _file = file;
        var isNew = file.Length == 0;
        if (isNew)
            // Sparse: pages that are never touched take no room.
            file.SetLength(HeaderBytes + (long)Slots * SlotBytes);
        _map = MemoryMappedFile.CreateFromFile(
            file,
            mapName: null,
            0,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor();
        _handle = _view.SafeMemoryMappedViewHandle;
        _handle.AcquirePointer(ref _start);
        if (isNew)
        {
            RandomNumberGenerator.Fill(new Span<byte>(_start + Mark.Length, IdBytes));
            Mark.CopyTo(new Span<byte>(_start, Mark.Length));
        }
    }

    /// <summary>What stands at a slot's head.</summary>
    public enum State
    {
        Free,
        Reserved,
        Settled,
    }

    /// <summary>Tells this file from any other that stood or will stand in its place.</summary>
    public string Id =>
        Convert.ToHexStringLower(new ReadOnlySpan<byte>(_start + Mark.Length, IdBytes));

    public int Count => (int)((_file.Length - HeaderBytes) / SlotBytes);

    /// <summary>Opens the file, making it for the owner alone where it is absent; null where another process has it, or where it is none of ours.</summary>
    public static BudgetJournal? TryOpen(string path)
    {
        FileStream file;
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            file = new FileStream(path, options);
        }
        catch (IOException)
        {
            return null;
        }
        if (file.Length > 0 && !IsOurs(file))
        {
            file.Dispose();
            return null;
        }
        return new BudgetJournal(file);
    }

    public State StateOf(int slot) => (State)Volatile.Read(ref *(int*)At(slot));

    public void Free(int slot) => Volatile.Write(ref *(int*)At(slot), (int)State.Free);

    /// <summary>The batch that it is, or was to be, stored with; 0 for none.</summary>
    public long BatchOf(int slot) => *(long*)(At(slot) + 8);

    public void Stamp(int slot, long batch) => Volatile.Write(ref *(long*)(At(slot) + 8), batch);

    public long RequestOf(int slot) => *(long*)(At(slot) + 16);

    public int AttemptOf(int slot) => *(int*)(At(slot) + 24);

    public bool IsCounted(int slot) => *(int*)(At(slot) + 28) != 0;

    /// <summary>Writes a reservation's accounts from <paramref name="from"/> on, as many as there is room for; gives the first that has none left.</summary>
    public int WriteReserved(int slot, Reservation reservation, int from)
    {
        var head = At(slot);
        var claim = reservation.Claim;
        var (at, account) = (EntriesAt, from);
        for (; account < claim.Accounts.Length; account++)
        {
            var key = claim.Accounts[account].Key;
            if (at + KeyAt + key.Length > SlotBytes)
                break;
            var entry = head + at;
            *(long*)entry = reservation.In(account);
            *(long*)(entry + 8) = 0;
            *(long*)(entry + 16) = reservation.Periods[account].Start.UtcTicks;
            *(long*)(entry + 24) = reservation.Periods[account].Expires.UtcTicks;
            *(ushort*)(entry + 32) = (ushort)key.Length;
            key.CopyTo(new Span<byte>(entry + KeyAt, key.Length));
            at += Aligned(KeyAt + key.Length);
        }
        *(int*)(head + 4) = account - from;
        *(long*)(head + 8) = 0;
        *(long*)(head + 16) = claim.Request.Value;
        *(int*)(head + 24) = claim.Attempt;
        *(int*)(head + 28) = 0;
        Volatile.Write(ref *(int*)head, (int)State.Reserved);
        return account;
    }

    /// <summary>How many accounts stand in a slot.</summary>
    public int EntriesOf(int slot) => *(int*)(At(slot) + 4);

    /// <summary>Goes on from one entry of a slot to the next; begins before the first.</summary>
    public Entry First(int slot) => new(At(slot) + EntriesAt);

    public void WriteSettled(int slot, bool isCounted)
    {
        var head = At(slot);
        *(int*)(head + 28) = isCounted ? 1 : 0;
        Volatile.Write(ref *(int*)head, (int)State.Settled);
    }

    /// <summary>Has the system write it to disk, for what is more than a killed process.</summary>
    public void Flush() => _view.Flush();

    public void Dispose()
    {
        _handle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private byte* At(int slot) => _start + HeaderBytes + (long)slot * SlotBytes;

    private static int Aligned(int bytes) => (bytes + 7) & ~7;

    private static bool IsOurs(FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        file.Position = 0;
        return file.Length >= HeaderBytes
            && (file.Length - HeaderBytes) % SlotBytes == 0
            && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && BinaryPrimitives.ReadInt64LittleEndian(head)
                == BinaryPrimitives.ReadInt64LittleEndian(Mark);
    }

    /// <summary>One account in a slot.</summary>
    internal readonly ref struct Entry(byte* at)
    {
        public long Reserved
        {
            get => *(long*)at;
            set => *(long*)at = value;
        }

        public long Spent
        {
            get => *(long*)(at + 8);
            set => *(long*)(at + 8) = value;
        }

        public long StartTicks => *(long*)(at + 16);
        public long ExpiresTicks => *(long*)(at + 24);

        /// <summary>The budget's name and the combination of values, a line each.</summary>
        public ReadOnlySpan<byte> Key => new(at + KeyAt, *(ushort*)(at + 32));

        public Entry Next => new(at + Aligned(KeyAt + Key.Length));
    }
}
